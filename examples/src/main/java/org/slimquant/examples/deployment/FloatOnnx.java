package org.slimquant.examples.deployment;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The float network of a QDQ file: without its quantizers, and with the numbers that the codes of
 * its kernels stand for. Where a quantizer to an unsigned type is the activation, a ReLU takes its
 * place.
 */
public final class FloatOnnx {

  /** What computes numbers of both signs. */
  private static final Set<String> SUMS = Set.of("Conv", "Gemm", "Add");

  private FloatOnnx() {}

  /** Returns the float network of a network in QDQ form. */
  public static ModelProto of(ModelProto qdq) {
    Map<String, TensorProto> constants = new LinkedHashMap<>();
    qdq.getGraph()
        .getInitializerList()
        .forEach(constant -> constants.put(constant.getName(), constant));
    // What stands for a value once the quantizers are gone.
    Map<String, String> instead = new LinkedHashMap<>();
    Set<String> sums = new LinkedHashSet<>();
    GraphProto.Builder graph =
        qdq.getGraph().toBuilder().clearNode().clearValueInfo().clearInitializer();
    for (NodeProto node : qdq.getGraph().getNodeList()) {
      String from = node.getInput(0);
      TensorProto codes = constants.get(from);
      if (node.getOpType().equals("DequantizeLinear") && codes != null) {
        graph.addInitializer(
            floats(codes, steps(constants, node.getInput(1)), axis(node)).toBuilder()
                .setName(node.getOutput(0)));
      } else if (node.getOpType().equals("QuantizeLinear")
          && sums.contains(from)
          && isUnsigned(constants, node.getInput(2))) {
        graph.addNode(
            NodeProto.newBuilder()
                .setOpType("Relu")
                .setName(node.getName())
                .addInput(from)
                .addOutput(node.getOutput(0)));
      } else if (node.getOpType().equals("DequantizeLinear")
          || node.getOpType().equals("QuantizeLinear")) {
        instead.put(node.getOutput(0), instead.getOrDefault(from, from));
      } else {
        NodeProto.Builder changed = node.toBuilder().clearInput();
        node.getInputList().forEach(input -> changed.addInput(instead.getOrDefault(input, input)));
        graph.addNode(changed);
        if (SUMS.contains(node.getOpType())) {
          sums.addAll(node.getOutputList());
        }
      }
    }
    graph.addAllInitializer(constants.values());
    return qdq.toBuilder().setGraph(graph).clearMetadataProps().build();
  }

  private static boolean isUnsigned(Map<String, TensorProto> constants, String zeroPoint) {
    int type = constant(constants, zeroPoint).getDataType();
    return type == DataType.UINT8.getNumber() || type == DataType.UINT16.getNumber();
  }

  private static int axis(NodeProto node) {
    return (int)
        node.getAttributeList().stream()
            .filter(attribute -> attribute.getName().equals("axis"))
            .mapToLong(AttributeProto::getI)
            .findFirst()
            .orElse(0);
  }

  /** Returns the numbers of codes which have one step, or one for each place along an axis. */
  private static TensorProto floats(TensorProto codes, float[] steps, int axis) {
    int count = (int) product(codes, 0);
    int run = (int) product(codes, axis + 1);
    ByteBuffer bytes = littleEndian(codes);
    ByteBuffer floats = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      floats.putFloat(code(bytes, codes) * steps[i / run % steps.length]);
    }
    return codes.toBuilder()
        .setDataType(DataType.FLOAT.getNumber())
        .setRawData(ByteString.copyFrom(floats.flip()))
        .build();
  }

  private static long product(TensorProto codes, int from) {
    return codes.getDimsList().stream().skip(from).reduce(1L, Math::multiplyExact);
  }

  private static int code(ByteBuffer bytes, TensorProto codes) {
    return switch (DataType.forNumber(codes.getDataType())) {
      case INT8 -> bytes.get();
      case UINT8 -> Byte.toUnsignedInt(bytes.get());
      case INT16 -> bytes.getShort();
      case INT32 -> bytes.getInt();
      default ->
          throw new IllegalArgumentException(
              "constant %s must hold codes, but is of type %d"
                  .formatted(codes.getName(), codes.getDataType()));
    };
  }

  private static float[] steps(Map<String, TensorProto> constants, String name) {
    TensorProto constant = constant(constants, name);
    float[] steps = new float[constant.getRawData().size() / Float.BYTES];
    littleEndian(constant).asFloatBuffer().get(steps);
    return steps;
  }

  private static TensorProto constant(Map<String, TensorProto> constants, String name) {
    TensorProto constant = constants.get(name);
    if (constant == null) {
      throw new IllegalArgumentException(
          "a scale and a zero point must be constants, but are not: " + name);
    }
    return constant;
  }

  private static ByteBuffer littleEndian(TensorProto constant) {
    return constant.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}
