/**
 * The annotation with which a user marks the layers of a model for quantization.
 *
 * <h2 id="defaults">Defaults of a class</h2>
 *
 * <p>On a class or interface, bits, kernelBits, outputBits, sign and perChannel are the values of
 * each annotation in it that does not give them itself; bits and sign those of its inputs too.
 *
 * <pre>{@code
 * @QuantInt8(perChannel = true)
 * class SeparableNet {
 *
 *   @QuantInt8
 *   protected Operand<TFloat32> conv(Operand<TFloat32> images) { … }
 *
 *   @QuantInt8(perChannel = false)
 *   protected Operand<TFloat32> logits(Operand<TFloat32> features) { … }
 * }
 * }</pre>
 *
 * <ul>
 *   <li>It makes no method a layer: only a method with an annotation of its own is one.
 *   <li>The class is the one that declares the layer. Its values go with a layer that is inherited,
 *       and those of the subclass, or of a class around it, do not matter to that layer.
 *   <li>The values of a layer go before those of the class: also its {@code bits} before the
 *       class's kernelBits and outputBits.
 *   <li>perChannel of a class is for the layers in it that have a kernel.
 * </ul>
 *
 * <h2 id="groups">Several operands</h2>
 *
 * <p>A layer may return several operands in an array, a {@code List} or a record, and take several
 * in an array, {@code List}, {@code Collection} or {@code Iterable} that is annotated. Each operand
 * is quantized with a format of its own.
 *
 * <pre>{@code
 * record Heads(Operand<TFloat32> boxes, Operand<TFloat32> scores) {}
 *
 * @QuantInt8
 * protected Heads heads(@QuantInt8 List<Operand<TFloat32>> features) { … }
 * }</pre>
 *
 * <ul>
 *   <li>The sites of a record's components have their names, {@code heads/SlimQuant/boxes}; those
 *       of an array or list are {@code heads/SlimQuant/output}, {@code output_1}, {@code output_2}.
 *   <li>The sites of inputs are {@code heads/SlimQuant/features}, {@code features_1}, {@code
 *       features_2}.
 *   <li>bits, frac and sign of the annotation are those of each operand.
 *   <li>With a plan at compile time, a call has at most as many operands as in the plan.
 * </ul>
 *
 * <h2 id="plans">Plans at compile time</h2>
 *
 * <p>With the compiler's option {@code -Aslimquant.plan=<directory>} the exponents that calibration
 * found are written into the generated class, which then needs no plan at run time. It contains
 * {@code PLAN.signed(8, -7)} instead of {@code Calibrated.signed(8)}, {@code PLAN.foundUnsigned(8,
 * -4)} instead of {@code Calibrated.of(8)}, and its constant {@code PLAN} has the name of the
 * plan's file and the plan's fingerprint. The plan of a model is in the file {@code <qualified name
 * of the model>.plan.txtpb}, as {@code QuantizationPlan.write} wrote it. If a model has no such
 * file, its formats without a frac are chosen at run time, and a note says so.
 *
 * <ul>
 *   <li>The site {@code conv1/SlimQuant/kernel} belongs to the layer {@code conv1}. So does {@code
 *       conv1_1/SlimQuant/kernel}, of its second call, unless there is a layer {@code conv1_1}, and
 *       {@code block3/conv1/SlimQuant/kernel}, of a call that the model named. The calls of a layer
 *       share its constants.
 *   <li>The formats of biases follow from the others when the graph is built, and are not written.
 *   <li>A plan may lack the site of a kernel that the layer need not have, and any site for which
 *       it has a remark. The format is then chosen at run time.
 *   <li>Calibration finds these formats anew. A graph that is built with a plan whose formats
 *       differ from those in the class is an error: the class is older than the plan.
 *   <li>Build tools do not know of the file. The build must compile again when a plan changes:
 *       {@code docs/setup.md} shows how in Maven and Gradle.
 * </ul>
 */
@NullMarked
package org.slimquant.annotations;

import org.jspecify.annotations.NullMarked;
