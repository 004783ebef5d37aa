package org.slimquant.deploy.onnx;

import static com.google.common.truth.Truth.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.engine.IntegerModel;

/** What ONNX Runtime makes of a file: integer kernels, and images as they were in the model. */
final class OptimizedGraphTest {

  @Test
  void noTransposeIsLeftBetweenLayers(@TempDir Path folder) throws Exception {
    assertThat(ops(folder, Networks.classic(1, false, false, 40), Form.QOPERATOR))
        .containsExactly(
            "Reshape",
            "Mul",
            "Floor",
            "QuantizeLinear",
            "Reshape",
            "QLinearConv",
            "Reshape",
            "NhwcMaxPool",
            "QLinearConv",
            "NhwcMaxPool",
            "Reshape",
            "QLinearConv",
            "QLinearConv",
            "Clip",
            "Reshape",
            "DequantizeLinear")
        .inOrder();
  }

  @Test
  void sumsAndMeansAreConvolutions(@TempDir Path folder) throws Exception {
    assertThat(ops(folder, Networks.separable(1, true, true, 40), Form.QOPERATOR))
        .containsExactly(
            "Reshape",
            "Mul",
            "Floor",
            "Add",
            "QuantizeLinear",
            "Clip",
            "Reshape",
            "QLinearConv",
            "Clip",
            "Reshape",
            "QLinearConv",
            "Clip",
            "QLinearConv",
            "Clip",
            "Concat",
            "QLinearConv",
            "QLinearConv",
            "Reshape",
            "QLinearConv",
            "Reshape",
            "DequantizeLinear")
        .inOrder();
  }

  @Test
  void layersWithUnsignedOutputsAreFusedInQdq(@TempDir Path folder) throws Exception {
    assertThat(ops(folder, Networks.classic(1, true, false, 40), Form.QDQ))
        .containsExactly(
            "QuantizeLinear",
            "QLinearConv",
            "NhwcMaxPool",
            "QLinearConv",
            "NhwcMaxPool",
            "Transpose",
            "Reshape",
            "QGemm",
            "QGemm",
            "DequantizeLinear")
        .inOrder();
  }

  private List<String> ops(Path folder, IntegerModel model, Form form)
      throws OrtException, IOException {
    Path optimized = folder.resolve("optimized.onnx");
    SessionOptions options = new SessionOptions();
    // Warns that the file is for this machine only.
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    options.setOptimizedModelFilePath(optimized.toString());
    OnnxRun.of(model, OnnxExporter.model(model, form), options).close();
    return ModelProto.parseFrom(Files.readAllBytes(optimized)).getGraph().getNodeList().stream()
        .map(NodeProto::getOpType)
        .toList();
  }
}
