package org.slimquant.demo.deployment;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The float network of a QDQ file, without its quantizers, and with the numbers that the codes of
 * its kernels represent. A quantizer to an unsigned type clips negative numbers. If there can be
 * any, and no clamp of the same layer follows, a ReLU replaces the quantizer.
 */
public final class FloatOnnx {

  /** The ops that can compute negative numbers from nonnegative ones. */
  private static final Set<String> WEIGHTED = Set.of("Conv", "Gemm");

  private final GraphProto qdq;
  private final GraphProto.Builder floats;
  private final Map<String, TensorProto> constants = new LinkedHashMap<>();

  /** The replacement of each value, without quantizers. */
  private final Map<String, String> instead = new LinkedHashMap<>();

  private final Set<String> nonNegative = new LinkedHashSet<>();

  private FloatOnnx(GraphProto qdq) {
    this.qdq = qdq;
    floats = qdq.toBuilder().clearNode().clearValueInfo().clearInitializer();
    qdq.getInitializerList().forEach(constant -> constants.put(constant.getName(), constant));
    // The input of the network needs no activation.
    qdq.getInputList().forEach(input -> nonNegative.add(input.getName()));
  }

  /** Returns the float network of a network in QDQ form. */
  public static ModelProto of(ModelProto qdq) {
    return qdq.toBuilder()
        .setGraph(new FloatOnnx(qdq.getGraph()).write())
        .clearMetadataProps()
        .build();
  }

  private GraphProto write() {
    for (NodeProto node : qdq.getNodeList()) {
      switch (node.getOpType()) {
        case "QuantizeLinear" -> quantize(node);
        case "DequantizeLinear" -> dequantize(node);
        default -> compute(node);
      }
    }
    Set<String> read =
        floats.getNodeList().stream()
            .flatMap(node -> node.getInputList().stream())
            .collect(Collectors.toSet());
    constants.values().stream()
        .filter(constant -> read.contains(constant.getName()))
        .forEach(floats::addInitializer);
    return floats.build();
  }

  private void quantize(NodeProto node) {
    String from = node.getInput(0);
    String to = node.getOutput(0);
    boolean unsigned = isUnsigned(constants, node.getInput(2));
    if (unsigned && !nonNegative.contains(from) && !isClamped(node)) {
      floats.addNode(
          NodeProto.newBuilder()
              .setOpType("Relu")
              .setName(node.getName())
              .addInput(instead.getOrDefault(from, from))
              .addOutput(to));
    } else {
      instead.put(to, instead.getOrDefault(from, from));
    }
    if (unsigned || nonNegative.contains(from)) {
      nonNegative.add(to);
    }
  }

  private void dequantize(NodeProto node) {
    String from = node.getInput(0);
    TensorProto codes = constants.get(from);
    if (codes != null) {
      floats.addInitializer(
          floats(codes, numbers(constants, node.getInput(1)), axis(node)).toBuilder()
              .setName(node.getOutput(0)));
      return;
    }
    instead.put(node.getOutput(0), instead.getOrDefault(from, from));
    if (nonNegative.contains(from)) {
      nonNegative.add(node.getOutput(0));
    }
  }

  private void compute(NodeProto node) {
    if (node.getOpType().equals("Reshape") && constants.containsKey(node.getInput(0))) {
      // The kernel of a layer that is called several times, which keeps its shape.
      constants.put(node.getOutput(0), constant(constants, node.getInput(0)));
      return;
    }
    NodeProto.Builder changed = node.toBuilder().clearInput();
    node.getInputList().forEach(input -> changed.addInput(instead.getOrDefault(input, input)));
    floats.addNode(changed);
    boolean keepsSign =
        !WEIGHTED.contains(node.getOpType())
            && node.getInputList().stream()
                .filter(input -> !constants.containsKey(input))
                .allMatch(nonNegative::contains);
    if (keepsSign || isClampFromZero(node)) {
      nonNegative.addAll(node.getOutputList());
    }
  }

  /** Returns whether only a clamp of the same step reads the output of a quantizer. */
  private boolean isClamped(NodeProto quantizer) {
    return onlyReader(quantizer)
        .flatMap(this::onlyReader)
        .filter(this::isClampFromZero)
        .flatMap(this::onlyReader)
        .filter(again -> again.getOpType().equals("QuantizeLinear"))
        .filter(again -> again.getInput(1).equals(quantizer.getInput(1)))
        .isPresent();
  }

  private boolean isClampFromZero(NodeProto node) {
    return node.getOpType().equals("Relu")
        || (node.getOpType().equals("Clip") && numbers(constants, node.getInput(1))[0] >= 0);
  }

  private Optional<NodeProto> onlyReader(NodeProto node) {
    List<NodeProto> readers =
        qdq.getNodeList().stream()
            .filter(reader -> reader.getInputList().contains(node.getOutput(0)))
            .toList();
    return readers.size() == 1 ? Optional.of(readers.get(0)) : Optional.empty();
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

  /**
   * Returns the numbers that codes represent, which have one step, or one for each index along an
   * axis.
   */
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
      default ->
          throw new IllegalArgumentException(
              "constant %s must hold codes, but is of type %d"
                  .formatted(codes.getName(), codes.getDataType()));
    };
  }

  private static float[] numbers(Map<String, TensorProto> constants, String name) {
    TensorProto constant = constant(constants, name);
    float[] numbers = new float[constant.getRawData().size() / Float.BYTES];
    littleEndian(constant).asFloatBuffer().get(numbers);
    return numbers;
  }

  private static TensorProto constant(Map<String, TensorProto> constants, String name) {
    TensorProto constant = constants.get(name);
    if (constant == null) {
      throw new IllegalArgumentException(
          "a scale, a zero point and a bound must be constants, but are not: " + name);
    }
    return constant;
  }

  private static ByteBuffer littleEndian(TensorProto constant) {
    return constant.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}
