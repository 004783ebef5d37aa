package org.slimquant.deploy.onnx.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;

/**
 * A value of an ONNX graph: an input or the output of a node.
 *
 * @param name its name
 * @param type the type of its elements
 * @param shape its dimensions, one of them {@link #BATCH}
 */
public record Value(String name, DataType type, List<Long> shape) {

  /** The free dimension. It means the same in the shape of a Reshape. */
  public static final long BATCH = -1;

  private static final String BATCH_NAME = "N";

  public Value {
    shape = List.copyOf(shape);
  }

  /** Returns name, type and shape in ONNX's format. */
  ValueInfoProto info() {
    TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
    for (long length : shape) {
      TensorShapeProto.Dimension.Builder dimension = dimensions.addDimBuilder();
      if (length == BATCH) {
        dimension.setDimParam(BATCH_NAME);
      } else {
        dimension.setDimValue(length);
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(type.getNumber())
                        .setShape(dimensions)))
        .build();
  }
}
