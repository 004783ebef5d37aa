package org.slimquant.examples.first;

import static com.google.common.truth.Truth.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.model.IntegerModel;

final class FirstModelTest {

  @Test
  void theTutorialsProgramWritesWhatTheTutorialPromises(@TempDir Path folder) throws IOException {
    FirstModel.main(new String[] {folder.toString()});

    assertThat(IntegerModel.read(folder.resolve("rings.slmq")).name()).isEqualTo("rings");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()).toList())
          .containsAtLeast("rings.plan.txtpb", "c", "rings.onnx", "report.html");
    }
  }
}
