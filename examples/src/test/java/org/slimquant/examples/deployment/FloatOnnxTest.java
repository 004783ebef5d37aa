package org.slimquant.examples.deployment;

import static com.google.common.truth.Truth.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.deploy.onnx.Form;
import org.slimquant.deploy.onnx.OnnxExporter;
import org.slimquant.engine.CodeRange;
import org.slimquant.engine.Codes;
import org.slimquant.engine.Dense;
import org.slimquant.engine.IntegerModel;
import org.slimquant.engine.IntegerTensor;
import org.slimquant.engine.Kernel;
import org.slimquant.engine.TensorFormat;

final class FloatOnnxTest {

  private static final float[] EXAMPLE = {0.5f, 0.25f};

  /** The quantizer to unsigned codes, which cut off what is negative, is gone. */
  @Test
  void reluOfAnUnsignedFormat(@TempDir Path folder) throws IOException, OrtException {
    assertThat(run(folder, TensorFormat.unsigned(8, -7))).isEqualTo(new float[] {0.25f, 0});
  }

  @Test
  void reluOfASignedFormat(@TempDir Path folder) throws IOException, OrtException {
    assertThat(run(folder, TensorFormat.signed(8, -7))).isEqualTo(new float[] {0.25f, 0});
  }

  /** Returns the difference of the example's elements, and its negative, behind a ReLU. */
  private static float[] run(Path folder, TensorFormat format) throws IOException, OrtException {
    IntegerTensor input = new IntegerTensor("input", List.of(2), TensorFormat.unsigned(8, -8));
    IntegerTensor output = new IntegerTensor("output", List.of(2), format);
    Kernel kernel = Kernel.of(List.of(2, 2), TensorFormat.signed(8, -6), 64, -64, -64, 64);
    Dense dense = new Dense("dense", input, kernel, Codes.zeros(2), CodeRange.relu(format), output);
    Path file = folder.resolve("difference.onnx");
    OnnxExporter.write(
        new IntegerModel("difference", input, output, List.of(dense)), file, Form.QDQ);
    ModelProto floats = FloatOnnx.of(ModelProto.parseFrom(Files.readAllBytes(file)));
    try (OnnxSession session = new OnnxSession(floats.toByteArray(), input.shape())) {
      return session.run(EXAMPLE);
    }
  }
}
