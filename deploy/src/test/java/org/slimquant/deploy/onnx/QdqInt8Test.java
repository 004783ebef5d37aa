package org.slimquant.deploy.onnx;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnxruntime.OrtException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.onnx.qdq.SymmetricInt8;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Requantize;
import org.slimquant.model.testing.RandomCodes;

/** Files with int8 and zero point 0 only, as tools with symmetric int8 read them. */
final class QdqInt8Test {

  private static final long SEED = 20260501;
  private static final int NETWORKS = 100;

  @Test
  void everyZeroPointIsAnInt8Of0() {
    int quantizers = 0;
    for (boolean perChannel : new boolean[] {false, true}) {
      IntegerModel model = ImageNetworks.separable(1, perChannel, true, 127);
      quantizers += assertInt8(model);
    }
    for (long seed = SEED; seed < SEED + NETWORKS; seed++) {
      IntegerModel model = RandomNetworks.of(seed);
      if (isSigned(model)) {
        quantizers += assertInt8(model);
      }
    }
    assertThat(quantizers).isGreaterThan(NETWORKS);
  }

  /** Returns how many quantizers and dequantizers a file has. */
  private static int assertInt8(IntegerModel model) {
    GraphProto graph = OnnxExporter.model(model, OnnxForm.QDQ_INT8).getGraph();
    Map<String, TensorProto> constants =
        graph.getInitializerList().stream()
            .collect(Collectors.toMap(TensorProto::getName, Function.identity()));
    List<NodeProto> nodes =
        graph.getNodeList().stream()
            .filter(
                node ->
                    node.getOpType().endsWith("quantizeLinear")
                        || node.getOpType().endsWith("QuantizeLinear"))
            .toList();
    for (NodeProto node : nodes) {
      TensorProto zero = Objects.requireNonNull(constants.get(node.getInput(2)));
      assertThat(zero.getDataType()).isEqualTo(DataType.INT8.getNumber());
      for (byte code : zero.getRawData().toByteArray()) {
        assertThat(code).isEqualTo(0);
      }
    }
    // Codes of kernels, scales and zero points.
    assertThat(
            nodes.stream()
                .flatMap(node -> node.getInputList().stream())
                .map(constants::get)
                .filter(Objects::nonNull)
                .map(TensorProto::getDataType)
                .collect(Collectors.toSet()))
        .containsNoneOf(
            DataType.INT32.getNumber(),
            DataType.UINT8.getNumber(),
            DataType.INT16.getNumber(),
            DataType.UINT16.getNumber());
    return nodes.size();
  }

  private static boolean isSigned(IntegerModel model) {
    return SymmetricInt8.others(model).isEmpty();
  }

  @Test
  void codesAreThoseOfQdq() throws OrtException {
    int unsigned = 0;
    for (long seed = SEED; seed < SEED + NETWORKS; seed++) {
      IntegerModel model = RandomNetworks.of(seed);
      if (!isSigned(model)) {
        continue;
      }
      unsigned += model.tensors().stream().allMatch(tensor -> tensor.format().signed()) ? 0 : 1;
      int[] input = RandomCodes.of(seed, model.input(), 20);
      try (OnnxRun int8 = OnnxRun.precise(model, OnnxForm.QDQ_INT8);
          OnnxRun qdq = OnnxRun.precise(model, OnnxForm.QDQ)) {
        assertWithMessage("seed %s, %s", seed, model)
            .that(int8.run(input))
            .isEqualTo(qdq.run(input));
      }
    }
    // Of 7 bits or fewer.
    assertThat(unsigned).isGreaterThan(0);
  }

  @Test
  void unsignedFormatOfSevenBits() throws OrtException {
    assertThat(requantize(FixedPoint.unsigned(7, -5), -3, 0, 100, 127))
        .isEqualTo(new int[] {0, 0, 100, 127});
  }

  @Test
  void unsignedFormatOfTwoBits() throws OrtException {
    assertThat(requantize(FixedPoint.unsigned(2, -5), -3, 0, 2, 100))
        .isEqualTo(new int[] {0, 0, 2, 3});
  }

  private static int[] requantize(FixedPoint format, int... codes) throws OrtException {
    try (OnnxRun run =
        OnnxRun.precise(requantize(FixedPoint.signed(8, -5), format), OnnxForm.QDQ_INT8)) {
      return run.run(codes);
    }
  }

  private static IntegerModel requantize(FixedPoint from, FixedPoint to) {
    IntegerTensor input = new IntegerTensor("x", List.of(1), from);
    IntegerTensor output = new IntegerTensor("y", List.of(1), to);
    return new IntegerModel(
        "model", input, output, List.of(new Requantize("op", input, CodeRange.all(to), output)));
  }

  @Test
  void unsignedFormatsOfEightBits() {
    assertThat(refusal(ImageNetworks.classic(1, false, false, 127)))
        .isEqualTo(
            "model classic must have codes of -127 to 127 to be written as int8 with zero point 0, but has images [28, 28, 1] uint8 * 2^-8, conv1:0 [28, 28, 16] uint8 * 2^-5, pool1:0 [14, 14, 16] uint8 * 2^-5, conv2:0 [14, 14, 32] uint8 * 2^-5, pool2:0 [7, 7, 32] uint8 * 2^-5, flat:0 [1568] uint8 * 2^-5, dense1:0 [64] uint8 * 2^-5; give what is named at most 8 bits and sign = Sign.SIGNED, which the annotation of a class can give to all, calibrate, train and compile again, or write OnnxForm.QDQ");
  }

  @Test
  void formatOfSixteenBits() {
    assertThat(refusal(requantize(FixedPoint.signed(8, -5), FixedPoint.signed(16, -5))))
        .startsWith(
            "model model must have codes of -127 to 127 to be written as int8 with zero point 0, but has y [1] int16 * 2^-5; give");
  }

  private static String refusal(IntegerModel model) {
    return String.valueOf(
        assertThrows(
                IllegalArgumentException.class, () -> OnnxExporter.model(model, OnnxForm.QDQ_INT8))
            .getMessage());
  }
}
