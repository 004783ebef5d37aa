package org.slimquant.deploy.c;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slimquant.engine.IntegerModel;
import org.slimquant.io.AtomicFile;

/**
 * Writes an integer model as C: {@code <name>.h}, {@code <name>.c} and {@code <name>_test.c}.
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
 * It is C99 and C++, needs no library but {@code <limits.h>}, {@code <stdint.h>} and {@code
 * <string.h>}, has no floating point, allocates nothing, and its behaviour is defined whatever
 * bytes it is given. The test program has inputs and what each tensor must be for them; it is empty
 * unless {@code <NAME>_TEST} is defined, so that all files can lie in a folder of which a build
 * compiles everything.
 *
 * <p>{@code <name>} is the model's name if that has only words of lower-case letters and digits,
 * with single underscores between them, and at most 26 characters: {@code keyword_spotting_v2}. Any
 * other name is made such a one, cut if it is long, and gets a hash: {@code Net-1} is {@code
 * net_1_} and ten characters more. So does a name that a header of C or of a library has ({@code
 * math}), or that ends in {@code _test} or {@code _config}. Models of different names therefore
 * never have a file or a symbol in common. Those of one name have all: models that one program
 * links need names of their own.
 */
public final class CExporter {

  /** What is in the first line of each file that is written here. */
  private static final String MARK = "made by SlimQuant";

  private static final int LONGEST_FIRST_LINE = 200;

  private CExporter() {}

  /**
   * Writes a model. Files of these names that were written here are replaced.
   *
   * @param directory where to; is made if it is not there
   * @return the files, and the memory that the code takes
   * @throws IllegalArgumentException if the tensors need more than 2^31 - 1 bytes
   * @throws FileAlreadyExistsException if a file of these names was not written here; nothing is
   *     written then
   * @throws IOException if a file cannot be written
   */
  public static CFiles write(IntegerModel model, Path directory) throws IOException {
    CProgram program = CProgram.of(model);
    String name = program.name().text();
    CFiles files =
        new CFiles(
            name,
            directory.resolve(name + ".h"),
            directory.resolve(name + ".c"),
            directory.resolve(name + ModelName.TEST + ".c"),
            program.footprint());
    for (Path file : List.of(files.header(), files.source(), files.test())) {
      checkReplaceable(file, model);
    }
    // Java 17 refuses a link to a directory.
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
    }
    write(files.header(), HeaderPrinter.text(program));
    write(files.source(), SourcePrinter.text(program));
    write(files.test(), TestPrinter.text(program, TestExamples.of(model)));
    return files;
  }

  private static void checkReplaceable(Path file, IntegerModel model) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try (InputStream content = Files.newInputStream(file)) {
      byte[] start = content.readNBytes(LONGEST_FIRST_LINE);
      if (!new String(start, StandardCharsets.ISO_8859_1).contains(MARK)) {
        throw new FileAlreadyExistsException(
            file.toString(),
            null,
            "a file that is replaced must be one that SlimQuant made, but this is not; export model"
                + " %s to another directory, or give it another name".formatted(model.name()));
      }
    }
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
    return CProgram.of(model).footprint();
  }
}
