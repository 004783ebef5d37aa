package org.slimquant.deploy.onnx;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.deploy.onnx.qdq.SymmetricInt8;
import org.slimquant.model.IntegerModel;

/** Files that ONNX's own checker reads, with its inference of shapes; skipped where it is not. */
final class CheckerTest {

  private static final String PYTHON = "/usr/bin/python3";
  private static final String SCRIPT =
      """
      import sys, onnx
      from onnx import shape_inference
      for path in sys.argv[1:]:
          model = onnx.load(path)
          onnx.checker.check_model(model, full_check=True)
          shape_inference.infer_shapes(model, check_type=True, strict_mode=True)
      """;

  @Test
  void everyFormIsValid(@TempDir Path folder) throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of(PYTHON)) && run(List.of(PYTHON, "-c", "import onnx")).isEmpty(),
        "python3-onnx is not installed");
    List<String> command = new ArrayList<>(List.of(PYTHON, "-c", SCRIPT));
    for (OnnxForm form : OnnxForm.values()) {
      for (int seed = 0; seed < 60; seed++) {
        IntegerModel model =
            seed % 2 == 0 ? RandomNetworks.of(seed) : RandomNetworks.manyEnds(seed);
        if (form != OnnxForm.QDQ_INT8 || SymmetricInt8.others(model).isEmpty()) {
          command.add(write(model, form, folder, "random" + seed));
        }
      }
      if (form != OnnxForm.QDQ_INT8) {
        command.add(write(ImageNetworks.classic(1, true, true, 127), form, folder, "classic"));
      }
      command.add(write(ImageNetworks.separable(1, true, true, 127), form, folder, "separable"));
    }
    Path probe = folder.resolve("probe.onnx");
    SaturationProbe.write(probe);
    command.add(probe.toString());
    assertThat(run(command)).isEmpty();
  }

  private static String write(IntegerModel model, OnnxForm form, Path folder, String name)
      throws IOException {
    Path file = folder.resolve(name + "-" + form + ".onnx");
    OnnxExporter.write(model, file, form);
    return file.toString();
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    int status = process.waitFor();
    return status == 0 ? "" : "status %d: %s".formatted(status, output);
  }

  @Test
  void theSameModelGivesTheSameFile(@TempDir Path folder) throws IOException {
    Path first = folder.resolve("first.onnx");
    Path second = folder.resolve("second.onnx");
    for (OnnxForm form : OnnxForm.values()) {
      OnnxExporter.write(ImageNetworks.separable(1, true, true, 127), first, form);
      OnnxExporter.write(ImageNetworks.separable(1, true, true, 127), second, form);
      assertThat(Files.mismatch(first, second)).isEqualTo(-1);
    }
    assertThat(folder.toFile().list()).hasLength(2);
  }

  @Test
  void whatIsWrittenWithoutAFormIsExactEverywhere(@TempDir Path folder) throws IOException {
    IntegerModel model = ImageNetworks.classic(1, false, false, 127);
    Path file = folder.resolve("classic.onnx");
    OnnxExporter.write(model, file);
    assertThat(ModelProto.parseFrom(Files.readAllBytes(file)))
        .isEqualTo(OnnxExporter.model(model, OnnxForm.QOPERATOR));
  }

  @Test
  void layersThatDependOnTheProcessor() {
    assertThat(
            properties(
                OnnxExporter.model(
                    ImageNetworks.classic(1, false, true, 127), OnnxForm.QOPERATOR_VNNI_OR_ARM)))
        .containsAtLeast(
            "slimquant.form = QOPERATOR_VNNI_OR_ARM",
            "slimquant.rounding = half up",
            "slimquant.exact = on ARM and on x86 with VNNI; on other x86 with the session option"
                + " session.x64quantprecision=1",
            "slimquant.saturates.conv1 = 34 of 1152 sums of two products",
            "slimquant.model = classic")
        .inOrder();
  }

  private static List<String> properties(ModelProto model) {
    return model.getMetadataPropsList().stream()
        .map(property -> property.getKey() + " = " + property.getValue())
        .toList();
  }

  @Test
  void metadata() {
    ModelProto model =
        OnnxExporter.model(ImageNetworks.classic(1, false, false, 40), OnnxForm.QOPERATOR);
    assertThat(model.getProducerName()).isEqualTo("SlimQuant");
    assertThat(model.getGraph().getInput(0).getName()).isEqualTo("images");
    assertThat(model.getGraph().getOutput(0).getName()).isEqualTo("dense2:0");
    assertThat(properties(model))
        .containsAtLeast(
            "slimquant.form = QOPERATOR",
            "slimquant.rounding = half up",
            "slimquant.exact = on every processor",
            "slimquant.model = classic",
            "slimquant.tensor.images = uint8 * 2^-8",
            "slimquant.kernel.conv1 = int8 * 2^-5")
        .inOrder();
    assertWithMessage("values with shapes")
        .that(model.getGraph().getValueInfoCount())
        .isEqualTo(model.getGraph().getNodeCount() - 1);
  }
}
