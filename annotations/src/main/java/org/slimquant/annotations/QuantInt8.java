package org.slimquant.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A layer whose kernel and output are quantized; on a parameter of such a layer, an input operand
 * that is quantized too; on a class, the defaults of the layers and inputs in it.
 *
 * <p>Each number is held as a <em>code</em>, an integer of a few bits that represents a multiple of
 * a power of two. The compiler writes a subclass of the annotated class, which adds fake-quant ops
 * while the graph is built: the model trains through the rounding that its integers will have.
 *
 * <h2>Example</h2>
 *
 * <pre>{@code
 * class LeNet {
 *   private final Ops tf;
 *
 *   LeNet(Ops tf) {
 *     this.tf = tf;
 *   }
 *
 *   @QuantInt8
 *   protected Operand<TFloat32> conv1(@QuantInt8(frac = -7) Operand<TFloat32> images) {
 *     return tf.nn.relu(tf.nn.biasAdd(tf.nn.conv2d(images, kernel, strides, "SAME"), bias));
 *   }
 * }
 * }</pre>
 *
 * <p>The class that is generated, in the same package:
 *
 * <pre>{@code
 * @Generated("org.slimquant.processor.QuantInt8Processor")
 * final class QuantizedLeNet extends LeNet {
 *   private static final QuantizedLayer CONV1 = QuantizedLayer.of(
 *       "conv1", Calibrated.signed(8), Calibrated.of(8));
 *
 *   private static final QuantizedInput CONV1_IMAGES = new QuantizedInput(
 *       "images", FixedPoint.signed(8, -7));
 *
 *   private final GraphQuantizer quantizer;
 *
 *   QuantizedLeNet(Ops tf, GraphQuantizer quantizer) {
 *     super(tf);
 *     this.quantizer = quantizer;
 *   }
 *
 *   @Override
 *   protected Operand<TFloat32> conv1(Operand<TFloat32> images) {
 *     return GraphQuantizer.layer(quantizer, CONV1, () ->
 *         super.conv1(quantizer.input(CONV1_IMAGES, images)));
 *   }
 * }
 * }</pre>
 *
 * <p>{@code new LeNet(tf)} stays the float model; {@code new QuantizedLeNet(tf,
 * GraphQuantizer.fakeQuant(graph, plan))} is the quantized one. The plan has the formats that
 * calibration found, for each tensor without a frac.
 *
 * <p>The package documentation describes <a href="package-summary.html#defaults">defaults of a
 * class</a>, <a href="package-summary.html#groups">several operands</a> and <a
 * href="package-summary.html#plans">plans at compile time</a>.
 *
 * <h2>What is generated</h2>
 *
 * <ul>
 *   <li>{@code QuantizedLeNet} for each class or interface {@code LeNet} that declares an annotated
 *       method; {@code QuantizedOuter_Inner} for {@code Outer.Inner}. It is public if the model can
 *       be seen from everywhere, and abstract if the model leaves methods abstract.
 *   <li>Each constructor that a subclass can call, with the quantizer as one more, last parameter.
 *   <li>An override of each annotated method, also of those that are inherited, superclass first. A
 *       method that overrides a layer is a layer only if it has an annotation of its own.
 *   <li>An operand that is not annotated reaches the layer as it is, alone or in an array or {@link
 *       Iterable}. The quantizer notes it, to distinguish a kernel from an input.
 *   <li>An annotated parameter that is {@code @Nullable} may be null, and then is not quantized.
 * </ul>
 *
 * <h2>Formats</h2>
 *
 * <table>
 *   <caption>The format of each tensor</caption>
 *   <tr><th></th><th>bits</th><th>step</th><th>codes</th></tr>
 *   <tr>
 *     <td>kernel</td>
 *     <td>{@link #kernelBits}, else {@link #bits}</td>
 *     <td>{@code 2^}{@link #kernelFrac}, else {@code 2^}{@link #frac}; with {@link #perChannel} one
 *         for each output channel</td>
 *     <td>signed</td>
 *   </tr>
 *   <tr>
 *     <td>output</td>
 *     <td>{@link #outputBits}, else {@link #bits}</td>
 *     <td>{@code 2^}{@link #outputFrac}, else {@code 2^}{@link #frac}</td>
 *     <td>{@link #sign}</td>
 *   </tr>
 *   <tr>
 *     <td>sum before an activation that is more than a clamp</td>
 *     <td>as the output</td>
 *     <td>{@code 2^}{@link #sumFrac}</td>
 *     <td>calibrated, or signed with {@link #sumFrac}</td>
 *   </tr>
 *   <tr>
 *     <td>parameter</td>
 *     <td>{@link #bits}</td>
 *     <td>{@code 2^}{@link #frac}</td>
 *     <td>{@link #sign}</td>
 *   </tr>
 * </table>
 *
 * <p>A frac that is not given, or is {@link #CALIBRATED}, comes from calibration, and so does the
 * sign then, unless it is given. Signed codes of {@code n} bits run from {@code -(2^(n-1) - 1)} to
 * {@code 2^(n-1) - 1}, unsigned ones from 0 to {@code 2^n - 1}. A layer without a kernel, such as a
 * residual add, has only its output quantized; it must not give {@link #kernelBits}, {@link
 * #kernelFrac} or {@link #perChannel}.
 *
 * <p>A ReLU, a ReLU6 and other clamps are computed on the layer's accumulator. Any other
 * elementwise activation, such as a sigmoid or a hard-swish, becomes a table of codes. So the sum
 * before it is quantized, too, at the site {@code conv1/SlimQuant/sum}.
 *
 * <h2>Rules</h2>
 *
 * <p>The compiler reports every broken rule at its place, under the tag in brackets.
 *
 * <ul>
 *   <li>[QuantModel] A model is a class or an interface, no enum, record or annotation interface.
 *       <ul>
 *         <li>It is open to a subclass: not final, and if it is sealed, it permits the generated
 *             class by name.
 *         <li>It is visible in its package: neither it nor a class around it is private, local or
 *             anonymous.
 *         <li>It is static if it is nested, and the name of the generated class is free.
 *         <li>It has a constructor that a subclass can call: not private, and without private types
 *             among its parameters.
 *         <li>If it has annotations of Lombok, Lombok is on the processor path too, before or after
 *             this processor.
 *       </ul>
 *   <li>[QuantLayer] A layer is a method that a subclass can override and call: not private,
 *       static, final or abstract. If it is inherited from another package, it is public or
 *       protected.
 *       <ul>
 *         <li>It returns {@code Operand<TFloat32>}, because TensorFlow's fake-quant op takes
 *             float32 only; no other float, and no subtype of {@code Operand}. Or it returns an
 *             array, a {@code List} or a record of nothing else.
 *         <li>The types in its signature are visible to a subclass.
 *         <li>It has a name of its own: two layers of a model, inherited ones included, are not
 *             overloads of each other.
 *       </ul>
 *   <li>[QuantInput] An input, that is an annotated parameter, belongs to a layer: not to another
 *       method, to a constructor, to a lambda or to a catch clause.
 *       <ul>
 *         <li>It is an {@code Operand<TFloat32>}, or an array, {@code List}, {@code Collection} or
 *             {@code Iterable} of it.
 *         <li>It has one format: bits and frac, and no kernelBits, kernelFrac, outputBits,
 *             outputFrac, sumFrac or perChannel.
 *       </ul>
 *   <li>[QuantName] The names of layers and inputs name ops too: an ASCII letter, and then letters,
 *       digits and underscores. A layer has the name of its method, an input that of its parameter
 *       or the one that its annotation gives.
 *       <ul>
 *         <li>An input is not called {@code kernel}, {@code bias}, {@code sum} or {@code output},
 *             and two inputs of a layer have two names.
 *         <li>The input of a layer that is inherited from a class file has its name there: the
 *             annotation gives it, or the class was compiled with {@code -parameters} or {@code
 *             -g}. Parameters named {@code arg0}, {@code arg1} … count as ones without a name, as
 *             this is what compilers call these.
 *       </ul>
 *   <li>[QuantRange] Bits are 2 to 16. A frac is -126 to {@code 128 - bits}, the bits being those
 *       of the same format: so the step is a normal float32, and the range is finite. Or it is
 *       CALIBRATED.
 *   <li>[QuantPerChannel] The fracs of a per-channel kernel differ, so they come from calibration:
 *       kernelFrac, or frac in its place, is CALIBRATED.
 *   <li>[QuantSign] An annotation that gives the frac of an output or input does not give it the
 *       sign CALIBRATED.
 *   <li>[QuantDefaults] The annotation of a class gives no frac, kernelFrac, outputFrac or name,
 *       and the class declares a layer.
 *   <li>[QuantPlan] A plan that is given at compile time is the model's.
 *       <ul>
 *         <li>{@code -Aslimquant.plan} is a directory, the file has the name above, which does not
 *             differ in the case of letters, and it can be read: no other processor on the path
 *             brings an older protobuf-java.
 *         <li>It has a site for every tensor without a frac, and no site without a layer or input
 *             in the model.
 *         <li>Bits of a site are those of the annotation, and so are sign and frac if the
 *             annotation gives them.
 *         <li>All calls of a layer have the same formats.
 *       </ul>
 *   <li>[OldSign] Where calibration chooses the sign, the plan has unsigned codes for a tensor that
 *       is never negative. Otherwise an older version made it, and a warning says so.
 *       {@code @SuppressWarnings("OldSign")} suppresses it.
 *   <li>[PositiveFrac] A frac is seldom positive. A positive one causes a warning, which shows the
 *       range it gives. {@code @SuppressWarnings("PositiveFrac")} on the parameter, the method, the
 *       class or an enclosing class suppresses it.
 * </ul>
 *
 * <p>Errors of a layer that is inherited from a class file are reported at the model.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE})
public @interface QuantInt8 {

  /**
   * The default of {@link #kernelBits}, {@link #kernelFrac}, {@link #outputBits} and {@link
   * #outputFrac}, which then are as {@link #bits} or {@link #frac}. For these two it is out of
   * range.
   */
  int SAME = Integer.MIN_VALUE;

  /** The value of a frac that calibration finds. It is the default of {@link #frac}. */
  int CALIBRATED = Integer.MAX_VALUE;

  /**
   * On a parameter, the input's name in the graph and in plans: {@code "images"} for the site
   * {@code conv1/SlimQuant/images}. The default is the parameter's name. A given name stays when
   * the parameter is renamed, or when class files are compiled without the names of parameters.
   */
  String name() default "";

  /** The width of a code in bits, 2 to 16; by default 8. */
  int bits() default 8;

  /**
   * The exponent {@code d} of the step {@code 2^d}, -126 to {@code 128 - bits}, or by default
   * {@link #CALIBRATED}. With -7 there are seven bits after the binary point, and signed codes of 8
   * bits reach from -0.9921875 to 0.9921875.
   */
  int frac() default CALIBRATED;

  /** The width of the kernel's codes in bits, 2 to 16; by default {@link #SAME}. */
  int kernelBits() default SAME;

  /** The exponent of the kernel's step, given like {@link #frac}; by default {@link #SAME}. */
  int kernelFrac() default SAME;

  /** The width of the output's codes in bits, 2 to 16; by default {@link #SAME}. */
  int outputBits() default SAME;

  /** The exponent of the output's step, given like {@link #frac}; by default {@link #SAME}. */
  int outputFrac() default SAME;

  /**
   * The exponent of the step of the sum before an activation that is more than a clamp, given like
   * {@link #frac}; by default {@link #CALIBRATED}. Its codes are then signed. Other layers have no
   * such sum.
   */
  int sumFrac() default CALIBRATED;

  /**
   * The sign of the output's codes; on a parameter, of that operand's codes. By default calibration
   * chooses it: codes are unsigned if the tensor had no negative numbers. If the annotation gives
   * the frac of that tensor, the default is {@link Sign#SIGNED}.
   */
  Sign sign() default Sign.CALIBRATED;

  /**
   * Whether each output channel of the kernel has an exponent of its own, which calibration finds;
   * by default false. This suits channels that differ too much for one step, as depthwise ones do.
   */
  boolean perChannel() default false;
}
