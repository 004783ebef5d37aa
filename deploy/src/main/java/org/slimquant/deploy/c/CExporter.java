package org.slimquant.deploy.c;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slimquant.io.AtomicFile;
import org.slimquant.model.IntegerModel;

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
 * <p>The C code computes the same codes as {@link org.slimquant.engine.IntegerEngine}, bit for bit.
 * It is valid C99 and C++. It needs no headers except {@code <limits.h>}, {@code <stdint.h>} and
 * {@code <string.h>}, uses no floating point, and allocates nothing. Its behaviour is defined for
 * any input bytes. The test program contains inputs and the expected codes of each tensor. It is
 * empty unless {@code <NAME>_TEST} is defined, so a build may compile every file of the folder.
 *
 * <p>{@code <name>} is the model's name if the name consists of words of lower-case letters and
 * digits with single underscores between them, and has at most 26 characters: {@code
 * keyword_spotting_v2}. Any other name is converted to this form, shortened if necessary, and gets
 * a hash: {@code Net-1} becomes {@code net_1_} and ten more characters. A name also gets a hash if
 * a header of C or of a library has the same name ({@code math}), or if it ends in {@code _test} or
 * {@code _config}. Therefore, models with different names never share a file or a symbol. Models
 * that are linked into one program must have different names.
 */
public final class CExporter {

  /** Text in the first line of each exported file. */
  private static final String MARK = "made by SlimQuant";

  private static final int LONGEST_FIRST_LINE = 200;

  private CExporter() {}

  /**
   * Writes a model, and replaces the files of an earlier export.
   *
   * @param directory the directory of the files; it is created if it does not exist
   * @return the files, and the memory that the code needs
   * @throws IllegalArgumentException if the tensors need more than 2^31 - 1 bytes
   * @throws FileAlreadyExistsException if a file with one of the names exists that is not from an
   *     export; then nothing is written
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
   * Returns the memory that a model needs as C code, without writing it.
   *
   * @throws IllegalArgumentException if the tensors need more than 2^31 - 1 bytes
   */
  public static CFootprint footprint(IntegerModel model) {
    return CProgram.of(model).footprint();
  }
}
