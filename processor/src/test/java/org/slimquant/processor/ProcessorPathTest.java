package org.slimquant.processor;

import static com.google.common.truth.Truth.assertThat;
import static org.slimquant.processor.Compilations.classPathWithout;
import static org.slimquant.processor.Compilations.kernel;
import static org.slimquant.processor.Compilations.tiny;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.runtime.FixedPoint;
import org.slimquant.runtime.QuantizationPlan;

/** Processor paths that lack something. */
class ProcessorPathTest {

  @Test
  void processorPathWithoutTensorFlow(@TempDir Path directory) throws IOException {
    assertThat(compileWithout("tensorflow", directory)).isEmpty();
    assertThat(Files.exists(directory.resolve("models/QuantizedModel.class"))).isTrue();
  }

  /** What another processor on the path can do, if its version of protobuf-java comes first. */
  @Test
  void processorPathWithoutProtobuf(@TempDir Path directory) throws IOException {
    assertThat(compileWithout("protobuf-java", directory))
        .contains(
            "Model.java:7: error: [QuantPlan] the processor path must have the protobuf-java that"
                + " slimquant-processor asks for, or a newer one, but does not: name"
                + " slimquant-processor before other processors");
  }

  /** Compiles a model that has a plan with some of our dependencies; returns what javac says. */
  private static String compileWithout(String dependency, Path directory) throws IOException {
    new QuantizationPlan(List.of(kernel("conv1", FixedPoint.signed(8, -7))), List.of())
        .write(directory.resolve("models.Model.plan.txtpb"));
    return JavacProcess.compile(
        directory,
        classPathWithout(dependency),
        List.of("-Aslimquant.plan=" + directory),
        tiny("models.Model"));
  }
}
