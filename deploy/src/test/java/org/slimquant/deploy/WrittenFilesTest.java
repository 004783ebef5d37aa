package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.calibration.CalibrationStatistics;
import org.slimquant.deploy.c.CExporter;
import org.slimquant.deploy.onnx.OnnxExporter;
import org.slimquant.deploy.onnx.OnnxForm;
import org.slimquant.deploy.report.QuantizationReport;
import org.slimquant.deploy.report.TensorBoardSummaries;
import org.slimquant.deploy.testing.NamedStatistics;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Reshape;
import org.slimquant.plan.QuantizationPlan;

/** The files of every exporter, on disk. */
final class WrittenFilesTest {

  @Test
  void permissionsOfAnyNewFile(@TempDir Path directory) throws IOException {
    assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("posix"));
    Path other = Files.createFile(directory.resolve("other"));
    Set<PosixFilePermission> usual = Files.getPosixFilePermissions(other);
    Files.delete(other);
    IntegerModel model = model();

    // Twice, as existing files are replaced.
    for (int i = 0; i < 2; i++) {
      CExporter.write(model, directory);
      OnnxExporter.write(model, directory.resolve("model.onnx"), OnnxForm.QOPERATOR);
      QuantizationReport.of(QuantizationPlan.EMPTY).write(directory.resolve("model.html"));
    }

    try (Stream<Path> files = Files.list(directory)) {
      List<Path> written = files.sorted().toList();
      for (Path file : written) {
        assertWithMessage("%s", file).that(Files.getPosixFilePermissions(file)).isEqualTo(usual);
      }
      assertThat(written.stream().map(file -> file.getFileName().toString()))
          .containsExactly("model.c", "model.h", "model.html", "model.onnx", "model_test.c")
          .inOrder();
    }
  }

  @Test
  void foldersThatAreMissing(@TempDir Path directory) throws IOException {
    CalibrationStatistics statistics =
        new NamedStatistics().site("a", new float[] {1}).statistics();

    model().write(directory.resolve("a/a/model.slmq"));
    QuantizationPlan.EMPTY.write(directory.resolve("b/b/model.plan.txtpb"));
    statistics.write(directory.resolve("c/c/statistics"));
    CExporter.write(model(), directory.resolve("d/d"));
    OnnxExporter.write(model(), directory.resolve("e/e/model.onnx"), OnnxForm.QOPERATOR);
    QuantizationReport.of(QuantizationPlan.EMPTY).write(directory.resolve("f/f/model.html"));
    TensorBoardSummaries.write(directory.resolve("g/g"), statistics, 0);

    for (String folder : List.of("a/a", "b/b", "c/c", "d/d", "e/e", "f/f", "g/g")) {
      assertWithMessage(folder)
          .that(directory.resolve(folder).toFile().list())
          .asList()
          .isNotEmpty();
    }
  }

  private static IntegerModel model() {
    FixedPoint format = FixedPoint.signed(8, 0);
    IntegerTensor x = new IntegerTensor("x", List.of(1, 1), format);
    IntegerTensor y = new IntegerTensor("y", List.of(1), format);
    return new IntegerModel("model", x, y, List.of(new Reshape("flat", x, y)));
  }
}
