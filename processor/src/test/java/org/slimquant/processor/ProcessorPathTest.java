package org.slimquant.processor;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.slimquant.processor.Compilations.classPath;
import static org.slimquant.processor.Compilations.kernel;
import static org.slimquant.processor.Compilations.messages;
import static org.slimquant.processor.Compilations.source;
import static org.slimquant.processor.Compilations.tiny;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
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
    Path source =
        Files.writeString(
            directory.resolve("Model.java"), tiny("models.Model").getCharContent(true));
    new QuantizationPlan(List.of(kernel("conv1", FixedPoint.signed(8, -7))), List.of())
        .write(directory.resolve("models.Model.plan.txtpb"));
    String processorPath =
        classPath().stream()
            .map(File::getPath)
            .filter(path -> !path.contains(dependency))
            .collect(Collectors.joining(File.pathSeparator));
    // In a JVM of its own: processors see what the class loader of javac sees.
    Process javac =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "javac").toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                "-processorpath",
                processorPath,
                "-Aslimquant.plan=" + directory,
                "-d",
                directory.toString(),
                source.toString())
            .redirectErrorStream(true)
            .start();
    try (InputStream messages = javac.getInputStream()) {
      return new String(messages.readAllBytes(), UTF_8);
    }
  }
}
