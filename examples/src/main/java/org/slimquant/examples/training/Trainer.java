package org.slimquant.examples.training;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ProgressBar;
import org.slimquant.examples.data.LabelledImages;

/**
 * Trains classifiers: shuffled batches, a progress bar, and the time of each step.
 *
 * <p>The same settings give every classifier the same images in the same order.
 */
public final class Trainer {

  private final Training training;
  private final PrintStream out;

  /**
   * Creates a trainer.
   *
   * @param out where the progress is shown
   */
  public Trainer(Training training, PrintStream out) {
    this.training = training;
    this.out = out;
  }

  /**
   * Trains a classifier. Images that do not fill a batch are left to the next epoch.
   *
   * @param name what the progress bar calls it
   */
  public TrainingResult train(String name, Classifier classifier, LabelledImages images) {
    int batches = images.size() / training.batchSize();
    if (batches == 0) {
      throw new IllegalArgumentException(
          "a batch must have at most as many images as there are, %d, but has %d"
              .formatted(images.size(), training.batchSize()));
    }
    Random random = new Random(training.seed());
    List<Integer> order =
        IntStream.range(0, images.size()).boxed().collect(Collectors.toCollection(ArrayList::new));
    long[] nanos = new long[training.epochs() * batches];
    double[] losses = new double[training.epochs()];
    try (ProgressBar progress = Progress.bar(name, nanos.length, out)) {
      for (int step = 0; step < nanos.length; step++) {
        int epoch = step / batches;
        int batch = step % batches;
        if (batch == 0) {
          Collections.shuffle(order, random);
        }
        LabelledImages selected = images.select(places(order, batch));
        long start = System.nanoTime();
        losses[epoch] += classifier.train(selected) / batches;
        nanos[step] = System.nanoTime() - start;
        progress.step();
      }
    }
    return new TrainingResult(
        losses[0], losses[losses.length - 1], TrainingResult.stepMillis(nanos));
  }

  private int[] places(List<Integer> order, int batch) {
    int start = batch * training.batchSize();
    return order.subList(start, start + training.batchSize()).stream()
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
