package org.slimquant.deploy.c;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slimquant.engine.AtomicFile;
import org.slimquant.engine.IntegerModel;

/**
 * Writes an integer model as C99: {@code <name>.h}, {@code <name>.c} and {@code <name>_test.c}.
 *
 * <pre>{@code
 * CFiles files = CExporter.write(model, Path.of("firmware"));
 * }</pre>
 *
 * <pre>{@code
 * #include "lenet.h"
 *
 * int8_t scores[LENET_OUTPUT_SIZE];
 * lenet_run(pixels, scores);
 * }</pre>
 *
 * <p>The code computes the same codes as {@link org.slimquant.engine.IntegerEngine}, bit for bit.
 * It needs no library but {@code <stdint.h>} and {@code <string.h>}, has no floating point,
 * allocates nothing, and its behaviour is defined whatever bytes it is given. The test program has
 * inputs and what each tensor must be for them.
 *
 * <p>{@code <name>} is the model's name in lower case, cut to 20 characters, with underscores for
 * whatever C has not in names. Where that is a header of C's, or ends in {@code _test}, {@code
 * _model} is put behind it: so the files of two models of different {@code <name>}s can lie in one
 * directory.
 */
public final class CExporter {

  private CExporter() {}

  /**
   * Writes a model. Files of these names are replaced.
   *
   * @param directory where to; is made if it is not there
   * @return the files, and the memory that the code takes
   * @throws IllegalArgumentException if the tensors need more than 2^31 - 1 bytes
   * @throws IOException if a file cannot be written
   */
  public static CFiles write(IntegerModel model, Path directory) throws IOException {
    String name = CNames.model(model.name());
    SourceWriter source = new SourceWriter(model, name);
    CFiles files =
        new CFiles(
            name,
            directory.resolve(name + ".h"),
            directory.resolve(name + ".c"),
            directory.resolve(name + CNames.TEST + ".c"),
            source.footprint());
    Files.createDirectories(directory);
    write(files.header(), HeaderWriter.text(model, name, source));
    write(files.source(), source.text());
    write(files.test(), TestWriter.text(model, name));
    return files;
  }

  private static void write(Path file, String text) throws IOException {
    AtomicFile.write(file, text.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Returns the memory that a model takes as C code, without writing it.
   *
   * @throws IllegalArgumentException if the tensors need more than 2^31 - 1 bytes
   */
  public static CFootprint footprint(IntegerModel model) {
    return new SourceWriter(model, CNames.model(model.name())).footprint();
  }
}
