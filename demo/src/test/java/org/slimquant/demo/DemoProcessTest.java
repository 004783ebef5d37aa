package org.slimquant.demo;

import static com.google.common.truth.Truth.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the demo in a JVM of its own, as Maven runs it. */
final class DemoProcessTest {

  @Test
  void nativeLogStaysOffTheScreenAndTheExitCodeTellsOfFailedChecks(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    ProcessBuilder demo =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                Demo.class.getName(),
                folder.resolve("demo").toString(),
                "--epochs=1")
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    demo.environment().put("TF_CPP_MIN_LOG_LEVEL", "3");
    // The path is not an argument, because ONNX Runtime 1.29 can end a process with long arguments.
    demo.environment().put("CLASSPATH", System.getProperty("java.class.path"));

    int exitCode = demo.start().waitFor();

    String printed = Files.readString(out);
    assertThat(Files.readString(err)).isEmpty();
    assertThat(printed).doesNotContainMatch("(?m)^[IWE]\\d{4} |^\\d{4}-\\d\\d-\\d\\d ");
    assertThat(printed).contains("quantization loses at most 0.01 of the accuracy");
    assertThat(exitCode).isEqualTo(printed.contains("FAILED  ") ? 1 : 0);
  }
}
