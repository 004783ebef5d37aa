package org.slimquant.processor;

import static com.google.common.truth.Truth.assertThat;
import static org.slimquant.processor.Compilations.classPathWithout;
import static org.slimquant.processor.Compilations.kernel;
import static org.slimquant.processor.Compilations.tiny;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.format.FixedPoint;
import org.slimquant.plan.QuantizationPlan;

/** Processor paths that lack something. */
class ProcessorPathTest {

  @Test
  void processorPathWithoutTensorFlow(@TempDir Path directory) throws IOException {
    assertThat(compileWithout("tensorflow", directory)).isEmpty();
    assertThat(Files.exists(directory.resolve("models/QuantizedModel.class"))).isTrue();
  }

  /** The effect of another processor on the path, if its version of protobuf-java comes first. */
  @Test
  void processorPathWithoutProtobuf(@TempDir Path directory) throws IOException {
    assertThat(compileWithout("protobuf-java", directory))
        .contains(
            "Model.java:7: error: [QuantPlan] protobuf-java must be 3.25, or 4.28 or newer, but"
                + " is missing on the processor path; name slimquant-processor before other"
                + " processors");
  }

  @Test
  void processorPathWithOldProtobuf(@TempDir Path directory) throws IOException {
    File old = new File("target/protobuf/protobuf-java-3.21.9.jar").getAbsoluteFile();
    List<File> processorPath = new ArrayList<>(classPathWithout("protobuf-java"));
    processorPath.add(0, old);

    assertThat(compile(processorPath, directory))
        .contains(
            "error: [QuantPlan] protobuf-java must be 3.25, or 4.28 or newer, but is 3.21.9 (%s) on the processor path; name slimquant-processor before other processors"
                .formatted(old.toURI().toURL()));
  }

  private static String compileWithout(String dependency, Path directory) throws IOException {
    return compile(classPathWithout(dependency), directory);
  }

  /** Compiles a model that has a plan, and returns javac's messages. */
  private static String compile(List<File> processorPath, Path directory) throws IOException {
    new QuantizationPlan(List.of(kernel("conv1", FixedPoint.signed(8, -7))), List.of())
        .write(directory.resolve("models.Model.plan.txtpb"));
    return JavacProcess.compile(
        directory, processorPath, List.of("-Aslimquant.plan=" + directory), tiny("models.Model"));
  }
}
