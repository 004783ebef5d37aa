package org.slimquant.runtime.gradient;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.GraphOperation;
import org.tensorflow.OperationAttributeInspector;
import org.tensorflow.ndarray.Shape;

/**
 * A convolution, as its op describes it.
 *
 * @param type Conv2D, Conv3D or DepthwiseConv2dNative; an op Conv is one of the first two
 * @param layout the data format, NHWC for example
 * @param strides a stride for each axis of the input
 * @param dilations a dilation for each axis of the input
 * @param padding SAME, VALID or EXPLICIT
 * @param explicit the paddings before and after each axis of the input; empty unless EXPLICIT
 * @param kernel the shape of the kernel
 * @param groups the number of groups of channels that the kernel reads one by one
 */
public record ConvolutionSpec(
    String type,
    String layout,
    List<Integer> strides,
    List<Integer> dilations,
    String padding,
    List<Integer> explicit,
    Shape kernel,
    int groups) {

  public ConvolutionSpec {
    strides = List.copyOf(strides);
    dilations = List.copyOf(dilations);
    explicit = List.copyOf(explicit);
  }

  /** Returns the convolution of an op Conv, Conv2D, Conv3D or DepthwiseConv2dNative. */
  public static ConvolutionSpec of(GraphOperation operation) {
    OperationAttributeInspector attributes = operation.attributes();
    boolean any = operation.type().equals("Conv");
    List<Integer> strides = integers(attributes.getAttrIntList("strides"));
    int rank = strides.size();
    List<Integer> dilations = integers(attributes.getAttrIntList("dilations"));
    String padding = attributes.getAttrString("padding");
    String layout = attributes.getAttrString("data_format");
    if (any) {
      boolean last = layout.equals("CHANNELS_LAST");
      layout = rank == 4 ? (last ? "NHWC" : "NCHW") : last ? "NDHWC" : "NCDHW";
    }
    Shape kernel = operation.input(1).shape();
    int channelAxis = layout.startsWith("NC") ? 1 : rank - 1;
    String type = any ? (rank == 4 ? "Conv2D" : "Conv3D") : operation.type();
    return new ConvolutionSpec(
        type,
        layout,
        strides,
        dilations.isEmpty() ? strides.stream().map(stride -> 1).toList() : dilations,
        padding,
        padding.equals("EXPLICIT")
            ? integers(attributes.getAttrIntList("explicit_paddings"))
            : List.of(),
        kernel,
        type.equals("DepthwiseConv2dNative")
            ? 1
            : groups(operation.input(0).shape(), channelAxis, kernel));
  }

  private static int groups(Shape input, int channelAxis, Shape kernel) {
    if (input.isUnknown() || kernel.isUnknown()) {
      return 1;
    }
    long channels = input.get(channelAxis);
    long read = kernel.get(kernel.numDimensions() - 2);
    return channels > 0 && read > 0 ? Math.toIntExact(channels / read) : 1;
  }

  private static List<Integer> integers(long... numbers) {
    return Arrays.stream(numbers).mapToObj(Math::toIntExact).toList();
  }

  public boolean isDilated() {
    return dilations.stream().anyMatch(dilation -> dilation != 1);
  }

  boolean isStrided() {
    return strides.stream().anyMatch(stride -> stride != 1);
  }

  public boolean isExplicit() {
    return padding.equals("EXPLICIT");
  }

  boolean isDepthwise() {
    return type.equals("DepthwiseConv2dNative");
  }

  /** Returns whether this is a Conv2D from one channel to one channel. */
  public boolean isOneToOne() {
    return type.equals("Conv2D") && groups == 1 && isOneToOne(kernel);
  }

  /**
   * Returns whether a kernel of Conv2D has one input channel and one output channel. The gradient
   * of the input is then wrong with oneDNN on x86, for many strides and sizes.
   */
  static boolean isOneToOne(Shape kernel) {
    return !kernel.isUnknown()
        && kernel.numDimensions() == 4
        && kernel.get(2) == 1
        && kernel.get(3) == 1;
  }

  /** Returns the axis of the input that counts channels. */
  int channelAxis() {
    return layout.startsWith("NC") ? 1 : strides.size() - 1;
  }

  /** Returns whether the size of the window along each of its axes is known. */
  boolean isKernelKnown() {
    return !kernel.isUnknown()
        && IntStream.range(0, strides.size() - 2).allMatch(axis -> kernel.get(axis) >= 0);
  }

  /**
   * Returns the window along each axis of the input except the batch and channels that come last.
   */
  List<AxisWindow> windows() {
    List<AxisWindow> windows = new ArrayList<>();
    int side = 0;
    for (int axis = 1; side < strides.size() - 2; axis++) {
      if (axis == channelAxis()) {
        windows.add(AxisWindow.NONE);
      } else {
        windows.add(window(axis, Math.toIntExact(kernel.get(side))));
        side++;
      }
    }
    return windows;
  }

  private AxisWindow window(int axis, int size) {
    return new AxisWindow(
        size,
        strides.get(axis),
        dilations.get(axis),
        padding.equals("SAME"),
        isExplicit() ? explicit.get(2 * axis) : 0,
        isExplicit() ? explicit.get(2 * axis + 1) : 0);
  }

  /** Returns this convolution without strides, dilations and padding. */
  ConvolutionSpec plain() {
    List<Integer> ones = strides.stream().map(stride -> 1).toList();
    return new ConvolutionSpec(type, layout, ones, ones, "VALID", List.of(), kernel, groups);
  }

  /** Returns this convolution without padding. */
  ConvolutionSpec unpadded() {
    return new ConvolutionSpec(
        type, layout, strides, dilations, "VALID", List.of(), kernel, groups);
  }

  /** Returns one group of this convolution. */
  ConvolutionSpec group() {
    return new ConvolutionSpec(type, layout, strides, dilations, padding, explicit, kernel, 1);
  }
}
