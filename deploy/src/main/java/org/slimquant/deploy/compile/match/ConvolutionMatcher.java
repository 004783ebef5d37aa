package org.slimquant.deploy.compile.match;

import java.util.List;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Literal;
import org.slimquant.deploy.compile.graph.RefusedException;
import org.slimquant.model.Codes;
import org.slimquant.model.Conv2D;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.Kernel;
import org.slimquant.model.Window;
import org.slimquant.runtime.graph.OpKind;

/**
 * Matches a convolution, its bias and its activation.
 *
 * <pre>{@code
 * x, 2^di ─▶ Conv2D ─▶ BiasAdd ─▶ Relu ─▶ Quantize, 2^do ─▶          before
 * kernel, 2^dk ─▲        ▲
 *                  bias ─┘
 *
 * x ─▶ Conv2D[codes of kernel and bias, 0 .. max] ─▶                 after
 * }</pre>
 *
 * <p><b>The same function:</b> with x = 2^di·X, w = 2^dk·W and b = 2^(di+dk)·B for codes X, W, B,
 * each output of the convolution is {@code Σ x·w + b = 2^(di+dk)·(Σ X·W + B)}: the accumulator,
 * whose code at step 2^do is {@code floor(acc·2^(di+dk-do) + 1/2)}. The integer op computes this by
 * a shift. With a step for each output channel, dk depends on the channel, and so does the shift.
 * Zeros of the padding have code 0 in every format.
 */
final class ConvolutionMatcher {

  private ConvolutionMatcher() {}

  static Node match(FusedOp fused) {
    Node root = fused.root();
    Windows.requireChannelsLast(root);
    boolean depthwise = root.is(OpKind.DEPTHWISE_CONV_2D);
    fused.inputFormat(0);
    Literal values = fused.literal(1, "kernel");
    List<Integer> shape = values.shape();
    if (!depthwise) {
      requireNoGroups(fused, shape);
    }
    Weights weights =
        Weights.of(fused, values, depthwise ? shape.get(2) * shape.get(3) : shape.get(3));
    Kernel kernel = fused.context().shared().of(weights.kernel());
    Codes bias = fused.context().shared().of(weights.bias());
    Window window = Windows.convolution(fused, shape.get(0), shape.get(1));
    return fused.pending(
        List.of(0),
        (name, inputs, output) ->
            depthwise
                ? new DepthwiseConv2D(
                    name, inputs.get(0), kernel, bias, window, fused.range(), output)
                : new Conv2D(name, inputs.get(0), kernel, bias, window, fused.range(), output));
  }

  /**
   * Checks that each output channel reads all channels. If each group has one channel, a depthwise
   * convolution of TensorFlow computes the same, with the weights in the same order. Any other
   * grouped convolution equals one with a larger kernel with zeros.
   */
  private static void requireNoGroups(FusedOp fused, List<Integer> kernel) {
    int read = kernel.get(2);
    int outputs = kernel.get(3);
    int channels = fused.rootInput(0).shape().map(shape -> shape.get(2)).orElse(read);
    if (read == channels) {
      return;
    }
    throw new RefusedException(
        fused.root(),
        "it is a grouped convolution: its kernel of shape %s reads %d of %d channels"
            .formatted(kernel, read, channels),
        read == 1
            ? "make it a DepthwiseConv2dNative, with the kernel reshaped to %s"
                .formatted(List.of(kernel.get(0), kernel.get(1), channels, outputs / channels))
            : "fill its kernel up to the shape %s, with zeros for the channels of other groups"
                .formatted(List.of(kernel.get(0), kernel.get(1), channels, outputs)));
  }
}
