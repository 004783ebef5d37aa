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

  /** The axes of an image as TensorFlow has them, in ONNX's order: NHWC to NCHW. */
  static final AttributeProto TO_CHANNELS_FIRST = ints("perm", 0, 3, 1, 2);

  /** The axes of an image as ONNX has them, in TensorFlow's order: NCHW to NHWC. */
  public static final AttributeProto TO_CHANNELS_LAST = ints("perm", 0, 2, 3, 1);

  private Attributes() {}

  /** Returns an attribute that is a number. */
  public static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  /** Returns an attribute that is a list of numbers. */
  static AttributeProto ints(String name, long... values) {
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

  /** Returns how a convolution's kernel slides. */
  public static List<AttributeProto> convolution(Window window, int group) {
    return List.of(
        shape(window),
        strides(window),
        ints("dilations", window.dilationHeight(), window.dilationWidth()),
        pads(window.padding()),
        integer("group", group));
  }

  /** Returns how a pooling's window slides. */
  public static List<AttributeProto> pooling(Window window) {
    return List.of(shape(window), strides(window), pads(window.padding()));
  }

  /**
   * Returns how a pooling's window slides without padding. It says so by {@code auto_pad}: from a
   * pooling with {@code pads} ONNX Runtime takes away a Pad before it, and pads by the pooling.
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
