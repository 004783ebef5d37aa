package org.slimquant.model;

import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.slimquant.format.FixedPoint;

/**
 * Any function of one number: the output's code for each code of the input.
 *
 * <pre>{@code
 * y = codes[x - minCode]          minCode, the smallest code of the input's format
 * }</pre>
 *
 * <p>The compiler fills the table by running the ops of the graph on all codes: a sigmoid, a
 * hard-swish, or any chain of elementwise ops between two fake quants.
 *
 * @param name its name
 * @param input a tensor
 * @param codes a code of the output for each code of the input's format, in ascending order: 255
 *     for int8, 256 for uint8
 * @param nearestTie the value of the function that is nearest to a tie
 * @param output a tensor of the input's shape
 */
public record Table(
    String name, IntegerTensor input, Codes codes, TieDistance nearestTie, IntegerTensor output)
    implements IntegerOp {

  /**
   * Creates a table.
   *
   * @throws IllegalArgumentException if shapes differ, if the number of codes is not that of the
   *     input's format, or if one is not a code of the output's format
   */
  public Table {
    OpCheck check = OpCheck.of("Table", name);
    check.shape(input.shape(), output);
    int size = size(input.format());
    check.require(
        codes.size() == size,
        "must have %d codes, one for each code of its input %s, but has %d"
            .formatted(size, input, codes.size()));
    OptionalInt foreign =
        IntStream.range(0, size).filter(i -> !output.format().holds(codes.get(i))).findFirst();
    foreign.ifPresent(
        i ->
            check.require(
                false,
                "must have codes of its output %s, but has %d for code %d"
                    .formatted(output, codes.get(i), input.format().minCode() + i)));
  }

  /** Returns the number of entries of a table that reads codes of a format. */
  public static int size(FixedPoint format) {
    return format.maxCode() - format.minCode() + 1;
  }

  /** Returns the output's code for a code of the input; the nearest one's, if there is none. */
  public int code(int input) {
    FixedPoint format = input().format();
    int held = Math.max(format.minCode(), Math.min(format.maxCode(), input));
    return codes.get(held - format.minCode());
  }

  /** Returns the smallest and the largest code for the codes of a range of the input. */
  public CodeRange codes(CodeRange range) {
    IntSummaryStatistics all =
        IntStream.rangeClosed(range.min(), range.max()).map(this::code).summaryStatistics();
    return new CodeRange(all.getMin(), all.getMax());
  }

  /** Returns the smallest and the largest code of the table. */
  @Override
  public CodeRange range() {
    return new CodeRange(codes.stream().min().orElseThrow(), codes.stream().max().orElseThrow());
  }

  @Override
  public List<IntegerTensor> inputs() {
    return List.of(input);
  }

  @Override
  public <T> T apply(OpCases<T> cases) {
    return cases.table(this);
  }
}
