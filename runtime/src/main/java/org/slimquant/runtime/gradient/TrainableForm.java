package org.slimquant.runtime.gradient;

import java.util.Optional;
import org.tensorflow.GraphOperation;

/**
 * The form in which an op of a layer stands in a graph that trains, because TensorFlow's C++
 * gradient of the op itself is wrong, fails, or is missing.
 *
 * <pre>{@code
 * x ─▶ Conv2D, dilations d ─▶ BiasAdd                                              before
 * kernel ─▲
 *
 * x ─▶ SpaceToBatchND, blocks d ─▶ Conv2D ─▶ BatchToSpaceND, blocks d ─▶ BiasAdd   after
 *                          kernel ─▲
 * }</pre>
 *
 * <p>The form computes the same sums of the same products. The op itself stays in the graph with
 * its inputs, read by nobody: it says what the form computes, and {@link #original} finds it. The
 * last op of the form has the name of the op, with {@code /SlimQuant/trainable} behind it.
 *
 * <table>
 *   <caption>Which ops have a form, and what is wrong with the gradient of the op itself</caption>
 *   <tr><th>op</th><th>its gradient</th><th>its form</th></tr>
 *   <tr><td>Conv2D with dilations</td><td>ignores them: wrong with SAME padding, else fails when it
 *       runs; with oneDNN it can end the process</td><td>SpaceToBatchND, Conv2D, BatchToSpaceND; a
 *       StridedSlice if it has strides</td></tr>
 *   <tr><td>DepthwiseConv2dNative with dilations</td><td>the same; without oneDNN the op does not
 *       run at all</td><td>the same</td></tr>
 *   <tr><td>Conv3D with dilations</td><td>missing; without oneDNN the op does not run at all</td>
 *       <td>the same, with the gradient of Conv3D that is registered</td></tr>
 *   <tr><td>Conv2D, explicit paddings</td><td>fails when it runs</td><td>Pad, Conv2D</td></tr>
 *   <tr><td>MaxPool, explicit paddings</td><td>fails when it runs</td><td>PadV2 with the lowest
 *       float32, MaxPool</td></tr>
 *   <tr><td>Conv2D with groups</td><td>fails when it runs without oneDNN</td><td>Split, a Conv2D for
 *       each group, ConcatV2; DepthwiseConv2dNative where a group is one channel</td></tr>
 *   <tr><td>Conv</td><td>missing</td><td>Conv2D or Conv3D</td></tr>
 * </table>
 */
public final class TrainableForm {

  /** What the name of a form's last op ends with. */
  static final String SUFFIX = "/SlimQuant/trainable";

  private TrainableForm() {}

  /**
   * Returns the op that a form computes.
   *
   * @param last an op of any graph
   * @return the op whose form ends with {@code last}; none if {@code last} ends no form, or if the
   *     graph has lost the op, as a graph may that was pruned
   */
  public static Optional<GraphOperation> original(GraphOperation last) {
    String name = last.name();
    return name.endsWith(SUFFIX)
        ? Optional.ofNullable(
            last.env().operation(name.substring(0, name.length() - SUFFIX.length())))
        : Optional.empty();
  }
}
