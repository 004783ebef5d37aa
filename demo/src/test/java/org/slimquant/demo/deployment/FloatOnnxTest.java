package org.slimquant.demo.deployment;

import static com.google.common.truth.Truth.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.deploy.onnx.OnnxExporter;
import org.slimquant.deploy.onnx.OnnxForm;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.AveragePool;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Dense;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.model.Requantize;
import org.slimquant.model.Reshape;
import org.slimquant.model.Window;

final class FloatOnnxTest {

  private static final float[] EXAMPLE = {0.5f, 0.25f};
  private static final int SIDE = 9;

  /** The quantizer to unsigned codes, which clipped negative numbers, is removed. */
  @Test
  void reluOfAnUnsignedFormat(@TempDir Path folder) throws IOException, OrtException {
    FixedPoint format = FixedPoint.unsigned(8, -7);
    ModelProto floats = floats(folder, format, CodeRange.relu(format));

    assertThat(ops(floats)).containsExactly("Gemm", "Relu", "Identity").inOrder();
    assertThat(run(floats)).isEqualTo(new float[] {0.25f, 0});
  }

  @Test
  void reluOfASignedFormat(@TempDir Path folder) throws IOException, OrtException {
    FixedPoint format = FixedPoint.signed(8, -7);
    ModelProto floats = floats(folder, format, CodeRange.relu(format));

    assertThat(ops(floats)).containsExactly("Gemm", "Relu", "Identity").inOrder();
    assertThat(run(floats)).isEqualTo(new float[] {0.25f, 0});
  }

  @Test
  void aClampThatIsLowerThanTheLastCode(@TempDir Path folder) throws IOException, OrtException {
    ModelProto floats = floats(folder, FixedPoint.unsigned(8, -7), new CodeRange(0, 16));

    assertThat(ops(floats)).containsExactly("Gemm", "Clip", "Identity").inOrder();
    assertThat(run(floats)).isEqualTo(new float[] {0.125f, 0});
  }

  @Test
  void anotherFormatBehindTheActivation(@TempDir Path folder) throws IOException, OrtException {
    Dense dense =
        difference(FixedPoint.unsigned(8, -7), CodeRange.relu(FixedPoint.unsigned(8, -7)));
    IntegerTensor output = new IntegerTensor("signed", List.of(2), FixedPoint.signed(8, -6));
    Requantize requantize =
        new Requantize("requantize", dense.output(), CodeRange.all(output.format()), output);
    ModelProto floats = floats(folder, dense.input(), output, dense, requantize);

    assertThat(ops(floats)).containsExactly("Gemm", "Relu", "Clip", "Identity").inOrder();
    assertThat(run(floats)).isEqualTo(new float[] {0.25f, 0});
  }

  @Test
  void aMeanOfBothSigns(@TempDir Path folder) throws IOException, OrtException {
    Dense dense = difference(FixedPoint.signed(8, -7), CodeRange.all(FixedPoint.signed(8, -7)));
    IntegerTensor image = new IntegerTensor("image", List.of(1, 2, 1), dense.output().format());
    IntegerTensor mean = new IntegerTensor("mean", List.of(1, 2, 1), FixedPoint.unsigned(8, -7));
    ModelProto floats =
        floats(
            folder,
            dense.input(),
            mean,
            dense,
            new Reshape("reshape", dense.output(), image),
            new AveragePool(
                "average", image, Window.of(1, 1), CodeRange.relu(mean.format()), mean));

    assertThat(ops(floats)).containsAtLeast("AveragePool", "Relu").inOrder();
    assertThat(run(floats)).isEqualTo(new float[] {0.25f, 0});
  }

  /** The file has the kernel of both calls once, and the second reads it through a Reshape. */
  @Test
  void aLayerThatIsCalledTwice(@TempDir Path folder) throws IOException, OrtException {
    int[] codes = new int[SIDE * SIDE];
    for (int i = 0; i < SIDE; i++) {
      codes[i * SIDE + i] = 64;
    }
    Kernel identity = Kernel.of(List.of(SIDE, SIDE), FixedPoint.signed(8, -6), codes);
    FixedPoint format = FixedPoint.signed(8, -6);
    IntegerTensor input = new IntegerTensor("input", List.of(SIDE), format);
    IntegerTensor once = new IntegerTensor("once", List.of(SIDE), format);
    IntegerTensor twice = new IntegerTensor("twice", List.of(SIDE), format);
    CodeRange all = CodeRange.all(format);

    ModelProto floats =
        floats(
            folder,
            input,
            twice,
            new Dense("dense", input, identity, Codes.zeros(SIDE), all, once),
            new Dense("dense_1", once, identity, Codes.zeros(SIDE), all, twice));

    assertThat(ops(floats)).containsExactly("Gemm", "Gemm", "Identity").inOrder();
    float[] example = {1, 0.5f, 0.25f, 0, -1, -0.5f, -0.25f, 0, 1};
    try (OnnxSession session = new OnnxSession(floats.toByteArray(), List.of(SIDE))) {
      assertThat(session.run(example)).isEqualTo(example);
    }
  }

  private static List<String> ops(ModelProto model) {
    return model.getGraph().getNodeList().stream().map(NodeProto::getOpType).toList();
  }

  private static float[] run(ModelProto floats) throws OrtException {
    try (OnnxSession session = new OnnxSession(floats.toByteArray(), List.of(2))) {
      return session.run(EXAMPLE);
    }
  }

  private static ModelProto floats(Path folder, FixedPoint format, CodeRange range)
      throws IOException {
    Dense dense = difference(format, range);
    return floats(folder, dense.input(), dense.output(), dense);
  }

  private static ModelProto floats(
      Path folder, IntegerTensor input, IntegerTensor output, IntegerOp... ops) throws IOException {
    Path file = folder.resolve("difference.onnx");
    OnnxExporter.write(
        new IntegerModel("difference", input, output, List.of(ops)), file, OnnxForm.QDQ);
    return FloatOnnx.of(ModelProto.parseFrom(Files.readAllBytes(file)));
  }

  /** Returns the difference of two elements, and its negative, after a clamp. */
  private static Dense difference(FixedPoint format, CodeRange range) {
    IntegerTensor input = new IntegerTensor("input", List.of(2), FixedPoint.unsigned(8, -8));
    IntegerTensor output = new IntegerTensor("output", List.of(2), format);
    Kernel kernel = Kernel.of(List.of(2, 2), FixedPoint.signed(8, -6), 64, -64, -64, 64);
    return new Dense("dense", input, kernel, Codes.zeros(2), range, output);
  }
}
