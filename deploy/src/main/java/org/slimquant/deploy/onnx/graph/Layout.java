package org.slimquant.deploy.onnx.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.slimquant.model.BinaryOp;
import org.slimquant.model.Codes;
import org.slimquant.model.Dense;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Pad;
import org.slimquant.model.Padding;
import org.slimquant.model.WeightedOp;

/**
 * The layouts of tensors and kernels in ONNX. Images are {@code [batch, channels, rows, columns]}
 * and kernels {@code [out, in, height, width]}; all other tensors are as in the model.
 */
public final class Layout {

  private static final int IMAGE_RANK = 3;

  private Layout() {}

  /** Whether a tensor has images, whose channels come first in ONNX. */
  public static boolean isImage(IntegerTensor tensor) {
    return tensor.rank() == IMAGE_RANK;
  }

  /** Returns a tensor's shape in the model, with the batch. */
  public static List<Long> modelShape(IntegerTensor tensor) {
    List<Long> shape = new ArrayList<>();
    shape.add(Value.BATCH);
    tensor.shape().forEach(length -> shape.add((long) length));
    return shape;
  }

  /** Returns the names of a model's inputs and outputs. */
  public static List<String> ends(IntegerModel model) {
    return Stream.concat(model.inputs().stream(), model.outputs().stream())
        .map(IntegerTensor::name)
        .toList();
  }

  /** Returns the real numbers of an input or an output, which have the model's shape. */
  public static Value reals(IntegerTensor tensor) {
    return new Value(tensor.name(), DataType.FLOAT, modelShape(tensor));
  }

  /** Returns a tensor's shape in ONNX. */
  public static List<Long> shape(IntegerTensor tensor) {
    List<Long> shape = modelShape(tensor);
    return isImage(tensor)
        ? List.of(shape.get(0), shape.get(3), shape.get(1), shape.get(2))
        : shape;
  }

  /** Returns the axis in ONNX of an axis of the model, which does not count the batch. */
  public static int axis(IntegerTensor tensor, int axis) {
    return isImage(tensor) ? (axis + 1) % IMAGE_RANK + 1 : axis + 1;
  }

  /** Returns ONNX's type for ops of two tensors. They broadcast as the model's ops do. */
  public static String type(BinaryOp.Kind kind) {
    return switch (kind) {
      case ADD -> "Add";
      case SUBTRACT -> "Sub";
      case MULTIPLY -> "Mul";
      case MAXIMUM -> "Max";
      case MINIMUM -> "Min";
    };
  }

  /** Returns the shape of a layer's kernel in ONNX; a dense layer is a convolution of one pixel. */
  public static List<Long> kernelShape(WeightedOp layer) {
    List<Integer> shape = layer.kernel().shape();
    long channels = layer.channels();
    if (layer instanceof Dense) {
      return List.of(channels, (long) shape.get(0), 1L, 1L);
    }
    return List.of(channels, (long) depth(layer), (long) shape.get(0), (long) shape.get(1));
  }

  /** Returns the number of input channels that an output channel reads. */
  private static int depth(WeightedOp layer) {
    if (layer instanceof DepthwiseConv2D) {
      return 1;
    }
    return layer.kernel().shape().get(layer instanceof Dense ? 0 : 2);
  }

  /** Returns a layer's kernel in ONNX's order: each output channel's weights in a row. */
  public static int[] kernel(WeightedOp layer) {
    Codes codes = layer.kernel().codes();
    int channels = layer.channels();
    int each = codes.size() / channels;
    // Within a channel the model has [place, in], ONNX [in, place].
    int depth = depth(layer);
    int places = each / depth;
    int[] kernel = new int[codes.size()];
    for (int channel = 0; channel < channels; channel++) {
      for (int place = 0; place < places; place++) {
        for (int in = 0; in < depth; in++) {
          kernel[channel * each + in * places + place] =
              codes.get((place * depth + in) * channels + channel);
        }
      }
    }
    return kernel;
  }

  /** Returns the zeros before each axis in ONNX, including the batch, then the zeros after each. */
  public static List<Long> pads(Pad pad) {
    int axes = pad.input().rank() + 1;
    Long[] pads = new Long[2 * axes];
    Arrays.fill(pads, 0L);
    for (int axis = 0; axis < pad.input().rank(); axis++) {
      int place = axis(pad.input(), axis);
      pads[place] = (long) pad.before().get(axis);
      pads[place + axes] = (long) pad.after().get(axis);
    }
    return List.of(pads);
  }

  /** Returns the zeros before each axis of images in ONNX, then the zeros after each. */
  public static List<Long> pads(Padding padding) {
    return List.of(
        0L,
        0L,
        (long) padding.top(),
        (long) padding.left(),
        0L,
        0L,
        (long) padding.bottom(),
        (long) padding.right());
  }
}
