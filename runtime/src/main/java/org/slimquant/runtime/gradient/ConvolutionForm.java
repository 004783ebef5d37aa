package org.slimquant.runtime.gradient;

import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.runtime.graph.Primitives;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Scope;

/**
 * Adds a convolution in a form whose gradients are right.
 *
 * <pre>{@code
 * x ─▶ Conv2D, dilations d, padding p, strides s ─▶                                         before
 * x ─▶ SpaceToBatchND, d, p ─▶ Conv2D ─▶ BatchToSpaceND, d ─▶ StridedSlice, s ─▶            after
 *
 * x ─▶ Conv2D, explicit paddings ─▶                                                         before
 * x ─▶ Pad ─▶ Conv2D ─▶                                                                     after
 *
 * x ─▶ Conv2D, two groups ─▶                                                                before
 * x ──────▶ Split ─┬─▶ Conv2D ─▶ ConcatV2 ─▶                                                after
 *                  └─▶ Conv2D ─────▲
 * kernel ─▶ Split ─┴─▲ (each its part)
 *
 * x ─▶ Conv2D, kernel [height, width, 1, 1] ─▶                                              before
 * x ─▶ Conv2D, kernel [height, width, 1, 2] ─▶ Slice, channel 0 ─▶                          after
 * }</pre>
 *
 * <p>A dilated convolution with strides computes every place and keeps some of them. Such
 * convolutions are rare, and this form is right. Groups of one channel are a DepthwiseConv2dNative,
 * whose kernel has the same weights in the same order.
 */
final class ConvolutionForm {

  private final Scope scope;
  private final Output<?> kernel;

  private ConvolutionForm(Scope scope, Output<?> kernel) {
    this.scope = scope;
    this.kernel = kernel;
  }

  /**
   * Adds the ops.
   *
   * @param name the name of the last op; the names of the others begin with it
   * @return the output of the convolution
   */
  static Output<?> add(
      Scope scope, String name, ConvolutionSpec convolution, Output<?> x, Output<?> kernel) {
    ConvolutionForm form = new ConvolutionForm(scope, kernel);
    if (convolution.isDilated()) {
      return form.dilated(name, convolution, x);
    }
    if (convolution.isExplicit()) {
      return form.convolve(name, convolution.unpadded(), form.pad(name, convolution, x));
    }
    return form.convolve(name, convolution, x);
  }

  private Output<?> dilated(String name, ConvolutionSpec convolution, Output<?> x) {
    BatchedSpace space = BatchedSpace.add(scope, name + "/sizes", x, convolution.windows());
    Output<?> batched =
        Primitives.op(
            scope, "SpaceToBatchND", name + "/space", x, space.blocks(), space.paddings());
    Output<?> sums = convolve(name + "/convolution", convolution.plain(), batched);
    boolean strided = convolution.isStrided();
    Output<?> places =
        Primitives.op(
            scope,
            "BatchToSpaceND",
            strided ? name + "/batch" : name,
            sums,
            space.blocks(),
            space.crops());
    return strided ? slice(name, convolution, places) : places;
  }

  private Output<?> slice(String name, ConvolutionSpec convolution, Output<?> places) {
    int[] strides = convolution.strides().stream().mapToInt(Integer::intValue).toArray();
    Output<?> all = IntegerConstants.vector(scope, name + "/all", new int[strides.length]);
    long everyAxis = (1L << strides.length) - 1;
    return scope
        .env()
        .opBuilder("StridedSlice", name, scope)
        .addInput(places)
        .addInput(all)
        .addInput(all)
        .addInput(IntegerConstants.vector(scope, name + "/strides", strides))
        .setAttr("begin_mask", everyAxis)
        .setAttr("end_mask", everyAxis)
        .build()
        .output(0);
  }

  private Output<?> pad(String name, ConvolutionSpec convolution, Output<?> x) {
    return Primitives.op(
        scope,
        "Pad",
        name + "/pad",
        x,
        IntegerConstants.pairs(scope, name + "/paddings", convolution.explicit()));
  }

  private Output<?> convolve(String name, ConvolutionSpec convolution, Output<?> x) {
    if (convolution.groups() == 1) {
      return op(name, convolution, x, kernel);
    }
    return isDepthwise(convolution)
        ? depthwise(name, convolution, x)
        : grouped(name, convolution, x);
  }

  /**
   * Returns whether TensorFlow's depthwise convolution computes the same: it has one stride for
   * both axes.
   */
  private static boolean isDepthwise(ConvolutionSpec convolution) {
    Shape kernel = convolution.kernel();
    return convolution.type().equals("Conv2D")
        && convolution.layout().equals("NHWC")
        && convolution.isKernelKnown()
        && kernel.get(2) == 1
        && kernel.get(3) > 0
        && convolution.strides().get(1).equals(convolution.strides().get(2));
  }

  private Output<?> depthwise(String name, ConvolutionSpec convolution, Output<?> x) {
    Shape shape = convolution.kernel();
    int[] sizes = {
      Math.toIntExact(shape.get(0)),
      Math.toIntExact(shape.get(1)),
      convolution.groups(),
      Math.toIntExact(shape.get(3) / convolution.groups())
    };
    Output<?> multipliers =
        Primitives.op(
            scope,
            "Reshape",
            name + "/kernel",
            kernel,
            IntegerConstants.vector(scope, name + "/sizes", sizes));
    return op(name, "DepthwiseConv2dNative", convolution, x, multipliers);
  }

  private Output<?> grouped(String name, ConvolutionSpec convolution, Output<?> x) {
    int count = convolution.groups();
    Output<?> axis =
        IntegerConstants.scalar(scope, name + "/channelAxis", convolution.channelAxis());
    Output<?> kernelAxis =
        IntegerConstants.scalar(
            scope, name + "/kernelAxis", convolution.kernel().numDimensions() - 1);
    List<Output<?>> inputs = split(name + "/inputs", axis, x, count);
    List<Output<?>> kernels = split(name + "/kernels", kernelAxis, kernel, count);
    Output<?>[] sums =
        IntStream.range(0, count)
            .mapToObj(
                i -> op(name + "/group" + i, convolution.group(), inputs.get(i), kernels.get(i)))
            .toArray(Output<?>[]::new);
    return scope
        .env()
        .opBuilder("ConcatV2", name, scope)
        .addInputList(sums)
        .addInput(axis)
        .build()
        .output(0);
  }

  private List<Output<?>> split(String name, Output<?> axis, Output<?> tensor, int count) {
    var operation =
        scope
            .env()
            .opBuilder("Split", name, scope)
            .addInput(axis)
            .addInput(tensor)
            .setAttr("num_split", count)
            .build();
    return IntStream.range(0, count).<Output<?>>mapToObj(operation::output).toList();
  }

  private Output<?> op(String name, ConvolutionSpec convolution, Output<?> x, Output<?> weights) {
    return convolution.type().equals("Conv2D") && ConvolutionSpec.isOneToOne(weights.shape())
        ? oneToOne(name, convolution, x, weights)
        : op(name, convolution.type(), convolution, x, weights);
  }

  /** Adds a convolution to two channels, of which the second has a kernel of zeros. */
  private Output<?> oneToOne(
      String name, ConvolutionSpec convolution, Output<?> x, Output<?> weights) {
    Output<?> second =
        IntegerConstants.pairs(scope, name + "/second", List.of(0, 0, 0, 0, 0, 0, 0, 1));
    Output<?> two = Primitives.op(scope, "Pad", name + "/two", weights, second);
    Output<?> sums = op(name + "/sums", convolution.type(), convolution, x, two);
    int[] begin = {0, 0, 0, 0};
    int[] size = {-1, -1, -1, -1};
    size[convolution.channelAxis()] = 1;
    return Primitives.op(
        scope,
        "Slice",
        name,
        sums,
        IntegerConstants.vector(scope, name + "/begin", begin),
        IntegerConstants.vector(scope, name + "/size", size));
  }

  private Output<?> op(
      String name, String type, ConvolutionSpec convolution, Output<?> x, Output<?> weights) {
    return scope
        .env()
        .opBuilder(type, name, scope)
        .addInput(x)
        .addInput(weights)
        .setAttr("strides", convolution.strides().stream().mapToLong(Integer::longValue).toArray())
        .setAttr("padding", convolution.padding())
        .setAttr("data_format", convolution.layout())
        .build()
        .output(0);
  }
}
