package org.slimquant.deploy.compile.match;

import java.util.List;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Literal;
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
    fused.inputFormat(0);
    Literal values = fused.literal(1, "kernel");
    boolean depthwise = root.is(OpKind.DEPTHWISE_CONV_2D);
    if (!depthwise) {
      int channels = fused.shape(fused.rootInput(0)).get(2);
      depthwise = values.shape().get(2) == 1 && channels > 1;
      values = ofAllChannels(values, channels, depthwise);
    }
    List<Integer> shape = values.shape();
    Weights weights =
        Weights.of(fused, values, depthwise ? shape.get(2) * shape.get(3) : shape.get(3));
    Kernel kernel = fused.context().shared().of(weights.kernel());
    Codes bias = fused.context().shared().of(weights.bias());
    Window window = Windows.convolution(fused, shape.get(0), shape.get(1));
    boolean oneFilterForEach = depthwise;
    return fused.pending(
        List.of(0),
        (name, inputs, output) ->
            oneFilterForEach
                ? new DepthwiseConv2D(
                    name, inputs.get(0), kernel, bias, window, fused.range(), output)
                : new Conv2D(name, inputs.get(0), kernel, bias, window, fused.range(), output));
  }

  /**
   * Returns a kernel that reads all channels. The kernel of a grouped convolution reads those of
   * one group. If each group has one channel, a depthwise convolution has the same weights in the
   * same order. Any other kernel gets zeros for the channels of other groups, which change no sum.
   *
   * @param channels the channels of the input
   * @param depthwise whether each group has one channel
   */
  private static Literal ofAllChannels(Literal kernel, int channels, boolean depthwise) {
    List<Integer> shape = kernel.shape();
    int read = shape.get(2);
    int outputs = shape.get(3);
    if (depthwise) {
      return new Literal(
          List.of(shape.get(0), shape.get(1), channels, outputs / channels), kernel.elements());
    }
    if (read == channels) {
      return kernel;
    }
    int places = shape.get(0) * shape.get(1);
    int outputsOfGroup = outputs / (channels / read);
    double[] elements = new double[Math.multiplyExact(places * channels, outputs)];
    for (int i = 0; i < kernel.elements().length; i++) {
      int output = i % outputs;
      int in = i / outputs % read + output / outputsOfGroup * read;
      int place = i / outputs / read;
      elements[(place * channels + in) * outputs + output] = kernel.elements()[i];
    }
    return new Literal(List.of(shape.get(0), shape.get(1), channels, outputs), elements);
  }
}
