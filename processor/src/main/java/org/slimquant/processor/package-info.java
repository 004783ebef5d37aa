/**
 * Writes the quantized subclass of each model that has {@code @QuantInt8} layers.
 *
 * <pre>{@code
 * elements ──▶ Hierarchy ──▶ ModelReader ──▶ QuantizedModel ──▶ ModelWriter ──▶ source
 *                                 │
 *                          ModelValidator, LayerReader, LayerValidator, FormatReader
 *                          PlanDirectory, PlanBaker
 *                                 │
 *                                 ▼
 *                               Report
 * }</pre>
 *
 * <ul>
 *   <li>{@link org.slimquant.processor.QuantInt8Processor} is what javac calls. A class that refers
 *       to classes still to be generated comes again in the next round, and so does one that {@link
 *       org.slimquant.processor.Lombok} is still to change.
 *   <li>{@link org.slimquant.processor.Hierarchy} puts the methods of a model and its supertypes in
 *       one order: the source's, supertypes first. Nothing that reaches the output is in hash
 *       order.
 *   <li>{@link org.slimquant.processor.ModelReader} and the readers and validators below it turn
 *       elements into records. They report what breaks a rule and go on, so that one run shows
 *       every error; they throw nothing.
 *   <li>{@link org.slimquant.processor.PlanBaker} puts the formats of a plan, where the compiler's
 *       options name one, in the place of the requests for them.
 *   <li>{@link org.slimquant.processor.ModelWriter} turns records into source and trusts them.
 *   <li>{@link org.slimquant.processor.LocalModels} finds annotations in method bodies, which javac
 *       shows to no processor; {@link org.slimquant.processor.LocalModelsProcessor} calls it.
 * </ul>
 *
 * <h2>Decisions</h2>
 *
 * <ul>
 *   <li>A subclass, not a copy: the model's code runs as it is, and stays the float model.
 *   <li>The runtime comes with the processor, TensorFlow does not. Of the runtime the processor
 *       uses the formats and the reader of plans, which refer to nothing of TensorFlow; so the
 *       rules of plans and formats are written once, and {@code plan.proto} is compiled once.
 *       Everything else is known by name only, and a compilation without TensorFlow has the
 *       compiler's errors, not a crash.
 *   <li>Each class that declares a layer gets a generated class, which covers inherited layers too.
 *       The errors of an inherited layer are reported where it is declared if that is in the same
 *       compilation, else at the model.
 *   <li>Generated classes have one originating element each, the model: the processor is
 *       <em>isolating</em> for incremental builds. That a plan was read is what a build tool cannot
 *       see, nor would it if the processor were <em>aggregating</em>: that is about sources. The
 *       directory must be an input of the compilation, as {@code docs/setup.md} says; then Gradle
 *       compiles all sources again when a plan changes.
 *   <li>The class has the plan's fingerprint, and its formats are marked as the plan's: so the
 *       runtime can calibrate them anew, and refuse another plan where a build tool did not compile
 *       again.
 *   <li>A site that the plan lacks is an error, except where the graph may rightly do without: a
 *       kernel that no annotation speaks of, a nullable input, and a site with a remark (a tensor
 *       that another site quantizes has no fake quant of its own). Such a request stays one.
 *   <li>Where the model's signatures would draw warnings in the generated code (raw types,
 *       deprecated types, heap pollution), {@link org.slimquant.processor.Lint} silences them on
 *       the smallest declaration. One warning has no such switch: javac's {@code auxiliaryclass},
 *       about a model that shares a file with a class of another name.
 *   <li>Simple names mean what they meant in the model. A nested class of the model, which the
 *       generated class inherits, hides imports; a class of its package hides those of {@code
 *       java.lang}. Only where there is such a class is a name qualified or imported that else is
 *       not. That a class called {@code String} came to the package is seen when the model is
 *       compiled again, as with any source that is written by hand.
 *   <li>The annotation is claimed, and so is {@code @Generated}, because {@code -Xlint:all -Werror}
 *       makes an error of an annotation that no processor claims. The price: javac calls no further
 *       processor once every annotation is claimed. A processor that needs no annotation and comes
 *       later on the path is not called for a compilation that has {@code @QuantInt8} alone.
 *   <li>Whether the generated name is taken is left to the {@code Filer}: a look at the class path
 *       would find the class of the last build.
 * </ul>
 */
@NullMarked
package org.slimquant.processor;

import org.jspecify.annotations.NullMarked;
