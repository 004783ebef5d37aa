package org.slimquant.examples;

import static com.google.common.truth.Truth.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FashionMnistTest {

  private final StringWriter errors = new StringWriter();

  @Test
  void folderWithoutFiles(@TempDir Path folder) {
    assertThat(run(folder.toString())).isEqualTo(1);
    assertThat(errors.toString())
        .isEqualTo(
            "the data set must have the file "
                + folder.resolve("train-images-idx3-ubyte.gz")
                + ", but it is not there; put the four original .gz files of Fashion-MNIST there;"
                + " Debian's package dataset-fashion-mnist has them in"
                + " /usr/share/datasets/fashion-mnist"
                + System.lineSeparator());
  }

  @Test
  void noThreads(@TempDir Path folder) {
    assertThat(run(folder.toString(), "--threads=0")).isEqualTo(1);
    assertThat(errors.toString())
        .isEqualTo("threads must be at least 1, but is 0" + System.lineSeparator());
  }

  @Test
  void epochsThatAreNoNumber() {
    assertThat(run("folder", "--epochs=many")).isEqualTo(2);
    assertThat(errors.toString()).contains("Invalid value for option '--epochs'");
  }

  private int run(String... arguments) {
    return FashionMnist.command().setErr(new PrintWriter(errors)).execute(arguments);
  }
}
