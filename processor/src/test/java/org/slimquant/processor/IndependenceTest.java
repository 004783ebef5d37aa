package org.slimquant.processor;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The processor needs neither TensorFlow nor the modules that run with it. */
class IndependenceTest {

  /** A class file names the classes that it refers to with slashes; text has dots. */
  @Test
  void classesReferToNothingOfTensorFlow() throws IOException, URISyntaxException {
    Path classes =
        Path.of(
            QuantInt8Processor.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Path> files;
    try (Stream<Path> all = Files.walk(classes)) {
      files = all.filter(file -> file.toString().endsWith(".class")).toList();
    }
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      String constants = Files.readString(file, ISO_8859_1);
      for (String stranger :
          List.of("org/tensorflow/", "org/slimquant/runtime/", "org/slimquant/deploy/")) {
        assertWithMessage(file.toString()).that(constants).doesNotContain(stranger);
      }
    }
  }
}
