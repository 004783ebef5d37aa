package org.slimquant.model.testing;

import java.util.Random;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.Codes;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.LeakyRelu;
import org.slimquant.model.Slope;
import org.slimquant.model.Table;
import org.slimquant.model.TieDistance;

/** Ops that compute a function of each number: tables of any codes, and slopes. */
final class RandomFunctions {

  private static final int FINEST = -20;

  private final Random random;
  private final RandomFormats formats;
  private final RandomOutputs outputs;

  RandomFunctions(Random random, RandomFormats formats, RandomOutputs outputs) {
    this.random = random;
    this.formats = formats;
    this.outputs = outputs;
  }

  Table table(IntegerTensor input) {
    IntegerTensor output = outputs.tensor(input.shape(), formats.near(input, FINEST));
    FixedPoint format = output.format();
    int[] codes =
        random.ints(Table.size(input.format()), format.minCode(), format.maxCode() + 1).toArray();
    TieDistance tie =
        random.nextBoolean()
            ? TieDistance.NONE
            : new TieDistance(
                input.format().maxCode(), random.nextInt(100) / 8.0, random.nextBoolean());
    return new Table(outputs.name("table"), input, Codes.of(codes), tie, output);
  }

  LeakyRelu leakyRelu(IntegerTensor input) {
    IntegerTensor output = outputs.tensor(input.shape(), formats.near(input, FINEST));
    return new LeakyRelu(
        outputs.name("slopes"), input, slope(), slope(), outputs.range(output), output);
  }

  private Slope slope() {
    return switch (random.nextInt(8)) {
      case 0 -> Slope.ZERO;
      case 1 -> new Slope(1, random.nextInt(-126, 128));
      case 2, 3 -> new Slope(-1, random.nextInt(-6, 3));
      default -> new Slope(1, random.nextInt(-6, 3));
    };
  }
}
