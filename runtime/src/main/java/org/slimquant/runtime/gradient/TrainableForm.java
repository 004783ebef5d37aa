package org.slimquant.runtime.gradient;

import java.util.Optional;
import org.tensorflow.GraphOperation;

/**
 * The ops that replace an op of a layer in a graph that trains, because TensorFlow's C++ gradient
 * of the op itself is wrong, fails, or is missing.
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
 * its inputs, but no op reads it: it describes the computation of the form, and {@link #original}
 * finds it. The name of the form's last op is the name of the op, followed by {@code
 * /SlimQuant/trainable}.
 *
 * <table>
 *   <caption>The ops that have a form, and the fault of their own gradients</caption>
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
 *   <tr><td>Conv2D from one channel to one channel</td><td>with oneDNN wrong for the input, with
 *       many strides and sizes</td><td>Conv2D to two channels, Slice</td></tr>
 *   <tr><td>Conv2D with groups</td><td>fails when it runs without oneDNN</td><td>Split, a Conv2D for
 *       each group, ConcatV2; DepthwiseConv2dNative where a group is one channel</td></tr>
 *   <tr><td>Conv</td><td>missing</td><td>Conv2D or Conv3D</td></tr>
 * </table>
 */
public final class TrainableForm {

  /** The suffix of the name of a form's last op. */
  static final String SUFFIX = "/SlimQuant/trainable";

  private TrainableForm() {}

  /**
   * Returns the op that a form computes.
   *
   * @param last an op of any graph
   * @return the op whose form ends with {@code last}; none if {@code last} ends no form, or if the
   *     graph no longer has the op, because it was pruned
   */
  public static Optional<GraphOperation> original(GraphOperation last) {
    String name = last.name();
    return name.endsWith(SUFFIX)
        ? Optional.ofNullable(
            last.env().operation(name.substring(0, name.length() - SUFFIX.length())))
        : Optional.empty();
  }
}
