/**
 * Writes the quantized subclass of each model that has {@code @QuantInt8} layers. javac calls the
 * classes of this package; they call those of the packages below.
 *
 * <pre>{@code
 * entry ──▶ reading ──▶ validation ──▶ element ──▶ model
 *   │                                                ▲
 *   └─────▶ writing ─────────────────────────────────┘
 * }</pre>
 *
 * <ul>
 *   <li>{@link org.slimquant.processor.QuantInt8Processor} is the annotation processor. It reads a
 *       class in a later round if the class refers to classes that are still to be generated, or if
 *       Lombok is still to change it.
 *   <li>{@link org.slimquant.processor.LocalModelsProcessor} reports annotations in method bodies,
 *       which javac shows to no processor.
 *   <li>{@link org.slimquant.processor.ModelStep} reads, checks and writes one model.
 * </ul>
 *
 * <h2>Decisions</h2>
 *
 * <ul>
 *   <li>The generated class is a subclass, not a copy. The model's code runs unchanged, and the
 *       model itself stays the float model.
 *   <li>Each class that declares a layer gets a generated class, which covers inherited layers too.
 *   <li>The processor depends on the formats and plans, not on the runtime or TensorFlow. It knows
 *       those by name only; a compilation without TensorFlow ends with the compiler's errors, not
 *       with a crash.
 *   <li>Each generated class has one originating element, the model. So the processor is
 *       <em>isolating</em> for incremental builds. A build tool cannot see that the processor read
 *       a plan: the plan's directory must be an input of the compilation, as {@code docs/setup.md}
 *       says.
 *   <li>The processor claims {@code @QuantInt8} and {@code @Generated}, because {@code -Xlint:all
 *       -Werror} refuses annotations that no processor claims. The price: javac calls no further
 *       processor when every annotation is claimed.
 *   <li>The {@code Filer} decides whether the generated name is free. A search on the class path
 *       would find the class of the last build.
 * </ul>
 */
@NullMarked
package org.slimquant.processor;

import org.jspecify.annotations.NullMarked;
