package org.slimquant.model.analysis;

import static com.google.common.truth.Truth.assertWithMessage;

import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slimquant.model.AveragePool;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.Window;
import org.slimquant.model.testing.RandomModel;

/** Compares the counts of the pixels that windows cover with a count one by one. */
final class WindowCountsTest {

  @Test
  void averagesOfRandomModels() {
    int seen = 0;
    for (long seed = 0; seed < 500; seed++) {
      for (IntegerOp op : RandomModel.of(seed).ops()) {
        if (op instanceof AveragePool pool) {
          int[] expected = counted(pool);
          WindowCounts counts = WindowCounts.of(pool);
          assertWithMessage("seed %s, %s", seed, pool).that(counts.all()).isEqualTo(expected);
          assertWithMessage("seed %s, %s", seed, pool)
              .that(counts.distinct())
              .isEqualTo(
                  Arrays.stream(expected).boxed().collect(Collectors.toCollection(TreeSet::new)));
          assertWithMessage("seed %s, %s", seed, pool)
              .that(counts.largest())
              .isEqualTo(Arrays.stream(expected).max().orElseThrow());
          seen++;
        }
      }
    }
    assertWithMessage("averages").that(seen).isGreaterThan(100);
  }

  private static int[] counted(AveragePool pool) {
    Window window = pool.window();
    int rows = pool.input().shape().get(0);
    int columns = pool.input().shape().get(1);
    int outputColumns = window.outputColumns(columns);
    int[] counts = new int[window.outputRows(rows) * outputColumns];
    for (int pixel = 0; pixel < counts.length; pixel++) {
      int top = pixel / outputColumns * window.strideHeight() - window.padding().top();
      int left = pixel % outputColumns * window.strideWidth() - window.padding().left();
      for (int row = top; row < top + window.height(); row++) {
        for (int column = left; column < left + window.width(); column++) {
          boolean inside = row >= 0 && row < rows && column >= 0 && column < columns;
          counts[pixel] += inside ? 1 : 0;
        }
      }
    }
    return counts;
  }
}
