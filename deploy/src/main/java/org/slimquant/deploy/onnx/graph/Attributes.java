package org.slimquant.deploy.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import java.util.List;
import org.slimquant.model.Padding;
import org.slimquant.model.Window;

/** The attributes of nodes. */
public final class Attributes {

  /** The permutation of the axes of an image from TensorFlow's order to ONNX's: NHWC to NCHW. */
  static final AttributeProto TO_CHANNELS_FIRST = ints("perm", 0, 3, 1, 2);

  /** The permutation of the axes of an image from ONNX's order to TensorFlow's: NCHW to NHWC. */
  public static final AttributeProto TO_CHANNELS_LAST = ints("perm", 0, 2, 3, 1);

  private Attributes() {}

  /** Returns an attribute that is a number. */
  public static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  /** Returns an attribute that is a list of numbers. */
  public static AttributeProto ints(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  /** Returns the type that a Cast casts to. */
  public static AttributeProto to(DataType type) {
    return integer("to", type.getNumber());
  }

  /** Returns the attributes of a convolution's window. */
  public static List<AttributeProto> convolution(Window window, int group) {
    return List.of(
        shape(window),
        strides(window),
        ints("dilations", window.dilationHeight(), window.dilationWidth()),
        pads(window.padding()),
        integer("group", group));
  }

  /** Returns the attributes of a pooling's window. */
  public static List<AttributeProto> pooling(Window window) {
    return List.of(shape(window), strides(window), pads(window.padding()));
  }

  /**
   * Returns the attributes of a pooling's window without padding. They have {@code auto_pad}
   * instead of {@code pads}, because ONNX Runtime merges a Pad into a pooling that has {@code
   * pads}.
   */
  public static List<AttributeProto> unpaddedPooling(Window window) {
    return List.of(
        shape(window),
        strides(window),
        AttributeProto.newBuilder()
            .setName("auto_pad")
            .setType(AttributeType.STRING)
            .setS(ByteString.copyFromUtf8("VALID"))
            .build());
  }

  private static AttributeProto shape(Window window) {
    return ints("kernel_shape", window.height(), window.width());
  }

  private static AttributeProto strides(Window window) {
    return ints("strides", window.strideHeight(), window.strideWidth());
  }

  private static AttributeProto pads(Padding padding) {
    return ints("pads", padding.top(), padding.left(), padding.bottom(), padding.right());
  }
}
