package org.slimquant.benchmarks;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The float network of a QDQ file: without its quantizers, and with the numbers that the codes of
 * its kernels stand for.
 */
final class FloatOnnx {

  private FloatOnnx() {}

  /** Returns the float network of a network in QDQ form, per-tensor. */
  static ModelProto of(ModelProto qdq) {
    Map<String, TensorProto> constants = new LinkedHashMap<>();
    qdq.getGraph()
        .getInitializerList()
        .forEach(constant -> constants.put(constant.getName(), constant));
    // What stands for a value once the quantizers are gone.
    Map<String, String> instead = new LinkedHashMap<>();
    GraphProto.Builder graph =
        qdq.getGraph().toBuilder().clearNode().clearValueInfo().clearInitializer();
    for (NodeProto node : qdq.getGraph().getNodeList()) {
      String from = node.getInput(0);
      TensorProto codes = constants.get(from);
      if (node.getOpType().equals("DequantizeLinear") && codes != null) {
        float step = bytes(constants, node.getInput(1)).getFloat();
        graph.addInitializer(floats(codes, step).toBuilder().setName(node.getOutput(0)));
      } else if (node.getOpType().equals("DequantizeLinear")
          || node.getOpType().equals("QuantizeLinear")) {
        instead.put(node.getOutput(0), instead.getOrDefault(from, from));
      } else {
        NodeProto.Builder changed = node.toBuilder().clearInput();
        node.getInputList().forEach(input -> changed.addInput(instead.getOrDefault(input, input)));
        graph.addNode(changed);
      }
    }
    graph.addAllInitializer(constants.values());
    return qdq.toBuilder().setGraph(graph).clearMetadataProps().build();
  }

  private static TensorProto floats(TensorProto codes, float step) {
    ByteBuffer bytes = littleEndian(codes);
    boolean wide = codes.getDataType() == DataType.INT32.getNumber();
    int count = bytes.remaining() / (wide ? Integer.BYTES : Byte.BYTES);
    ByteBuffer floats = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      floats.putFloat((wide ? bytes.getInt() : bytes.get()) * step);
    }
    return codes.toBuilder()
        .setDataType(DataType.FLOAT.getNumber())
        .setRawData(ByteString.copyFrom(floats.flip()))
        .build();
  }

  private static ByteBuffer bytes(Map<String, TensorProto> constants, String name) {
    TensorProto constant = constants.get(name);
    if (constant == null) {
      throw new IllegalArgumentException("a scale must be a constant, but is " + name);
    }
    return littleEndian(constant);
  }

  private static ByteBuffer littleEndian(TensorProto constant) {
    return constant.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}
