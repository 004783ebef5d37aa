package app;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Requantize;

/** Writes a model, reads it back and runs it. */
final class Main {

  private Main() {}

  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[0]);
    IntegerTensor x = new IntegerTensor("x", List.of(3), FixedPoint.signed(8, -4));
    IntegerTensor y = new IntegerTensor("y", List.of(3), FixedPoint.signed(8, -3));
    Requantize coarser = new Requantize("coarser", x, CodeRange.all(y.format()), y);
    new IntegerModel("tiny", x, y, List.of(coarser)).write(file);

    int[] codes = IntegerEngine.of(IntegerModel.read(file)).run(new int[] {3, -3, 100});

    System.out.println(Arrays.toString(codes));
  }
}
