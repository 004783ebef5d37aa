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
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Conv2D;
import org.slimquant.model.IntegerModel;

/** What ONNX Runtime makes of a file: integer kernels, and images as they were in the model. */
final class OptimizedGraphTest {

  /** The ops that compute sums, in float and in integers. */
  private static final Set<String> LAYERS =
      Set.of(
          "Conv",
          "FusedConv",
          "QLinearConv",
          "Gemm",
          "FusedGemm",
          "QGemm",
          "Add",
          "QLinearAdd",
          "AveragePool",
          "QLinearAveragePool");

  @Test
  void noTransposeIsLeftBetweenLayers(@TempDir Path folder) throws Exception {
    assertThat(ops(folder, ImageNetworks.classic(1, false, false, 40), OnnxForm.QOPERATOR))
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
    assertThat(ops(folder, ImageNetworks.separable(1, true, true, 40), OnnxForm.QOPERATOR))
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
    assertThat(ops(folder, ImageNetworks.classic(1, true, false, 40), OnnxForm.QDQ))
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

  @Test
  void everyLayerIsFusedInQdq(@TempDir Path folder) throws Exception {
    for (boolean signed : new boolean[] {false, true}) {
      assertThat(layers(folder, ImageNetworks.classic(1, true, signed, 127)))
          .containsExactly("QLinearConv", "QLinearConv", "QGemm", "QGemm");
    }
    assertThat(layers(folder, ImageNetworks.separable(1, true, false, 127)))
        .containsExactly(
            "QLinearConv",
            "QLinearConv",
            "QLinearConv",
            "QLinearAdd",
            "QLinearAveragePool",
            "QGemm");
  }

  private List<String> layers(Path folder, IntegerModel model) throws OrtException, IOException {
    return ops(folder, model, OnnxForm.QDQ).stream().filter(LAYERS::contains).toList();
  }

  @Test
  void aClampIsNoPartOfAFusedLayer(@TempDir Path folder) throws Exception {
    Conv2D conv = (Conv2D) ImageNetworks.classic(1, true, false, 127).ops().get(0);
    IntegerModel relu6 =
        new IntegerModel(
            "relu6",
            conv.input(),
            conv.output(),
            List.of(
                new Conv2D(
                    conv.name(),
                    conv.input(),
                    conv.kernel(),
                    conv.bias(),
                    conv.window(),
                    CodeRange.relu6(conv.output().format()),
                    conv.output())));

    assertThat(ops(folder, relu6, OnnxForm.QDQ))
        .containsExactly(
            "QuantizeLinear",
            "QLinearConv",
            "DequantizeLinear",
            "Clip",
            "QuantizeLinear",
            "DequantizeLinear")
        .inOrder();
  }

  private List<String> ops(Path folder, IntegerModel model, OnnxForm form)
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
