package org.slimquant.demo.deployment;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.slimquant.demo.measures.Check;
import org.slimquant.deploy.c.CFiles;
import org.slimquant.model.IntegerModel;

/**
 * The result of compiling and running the exported C.
 *
 * @param differing the number of codes that differ from the expected ones; all, if the C did not
 *     run
 * @param checks the results of the checks
 */
record CTrial(long differing, List<Check> checks) {

  private static final String OWN_TEST = "the exported C passes its own test of every tensor";
  private static final String IMAGES = "the exported C computes the engine's codes";

  /** Creates a result. */
  CTrial {
    checks = List.copyOf(checks);
  }

  /** Returns the checks of C code that was written and not compiled. */
  static List<Check> skipped() {
    String fact = "there is no C compiler on the path";
    return List.of(Check.skipped(OWN_TEST, fact), Check.skipped(IMAGES, fact));
  }

  /**
   * Compiles and runs the exported test program, and then runs all inputs.
   *
   * @param input the codes of all inputs, one after the other
   * @param expected the codes of the outputs
   */
  static CTrial of(
      CCompiler compiler, CFiles files, IntegerModel model, int[] input, int[] expected)
      throws IOException {
    Check ownTest = ownTest(compiler, files);
    try {
      int[] codes = new CProcess(compiler, files, model).run(input);
      long differing =
          IntStream.range(0, Math.max(codes.length, expected.length))
              .filter(i -> i >= codes.length || i >= expected.length || codes[i] != expected[i])
              .count();
      String fact =
          String.format(
              Locale.ROOT, "%,d codes of the output, %,d differ", codes.length, differing);
      return new CTrial(differing, List.of(ownTest, Check.of(IMAGES, differing == 0, fact)));
    } catch (FailedCommandException e) {
      return new CTrial(expected.length, List.of(ownTest, Check.failed(IMAGES, e.fact())));
    }
  }

  private static Check ownTest(CCompiler compiler, CFiles files) throws IOException {
    try {
      return Check.passed(OWN_TEST, compiler.test(files));
    } catch (FailedCommandException e) {
      return Check.failed(OWN_TEST, e.fact());
    }
  }
}
