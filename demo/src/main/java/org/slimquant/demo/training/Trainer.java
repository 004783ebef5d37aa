package org.slimquant.demo.training;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ProgressBar;
import org.slimquant.demo.data.LabelledImages;

/**
 * Trains classifiers: shuffled batches, a progress bar, and the time of each step.
 *
 * <p>The same settings give every classifier the same images in the same order.
 */
public final class Trainer {

  private final String name;
  private final Training training;
  private final PrintStream out;

  /**
   * Creates a trainer.
   *
   * @param name the label of the progress bar
   * @param out the stream for the progress
   */
  public Trainer(String name, Training training, PrintStream out) {
    this.name = name;
    this.training = training;
    this.out = out;
  }

  /** Returns the settings of this trainer. */
  public Training training() {
    return training;
  }

  /** Trains classifiers as {@link #train(List, LabelledImages, IntConsumer)} does. */
  public List<TrainingResult> train(List<Classifier> classifiers, LabelledImages images) {
    return train(classifiers, images, step -> {});
  }

  /**
   * Trains classifiers side by side: each batch goes to all of them in turn, so a temporary
   * slowdown of the machine affects all of them. Images that do not fill a batch are left to the
   * next epoch.
   *
   * @param beforeStep is told the number of each step, counted from 0, before it is made
   * @return one result for each classifier, in their order
   */
  public List<TrainingResult> train(
      List<Classifier> classifiers, LabelledImages images, IntConsumer beforeStep) {
    int batches = images.size() / training.batchSize();
    if (batches == 0) {
      throw new IllegalArgumentException(
          "a batch must have at most as many images as there are, %d, but has %d"
              .formatted(images.size(), training.batchSize()));
    }
    Random random = new Random(training.seed());
    List<Integer> order =
        IntStream.range(0, images.size()).boxed().collect(Collectors.toCollection(ArrayList::new));
    int steps = steps(images);
    List<Log> logs =
        classifiers.stream().map(classifier -> new Log(classifier, batches, steps)).toList();
    try (ProgressBar progress = Progress.bar(name, steps, out)) {
      for (int step = 0; step < steps; step++) {
        int batch = step % batches;
        if (batch == 0) {
          Collections.shuffle(order, random);
        }
        beforeStep.accept(step);
        LabelledImages selected = images.select(places(order, batch));
        for (Log log : logs) {
          log.train(selected, step);
        }
        progress.step();
      }
    }
    return logs.stream().map(Log::result).toList();
  }

  /** Returns the number of steps of a training with these images. */
  public int steps(LabelledImages images) {
    return training.epochs() * (images.size() / training.batchSize());
  }

  private int[] places(List<Integer> order, int batch) {
    int start = batch * training.batchSize();
    return order.subList(start, start + training.batchSize()).stream()
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** The losses and times of one classifier. */
  private static final class Log {

    private final Classifier classifier;
    private final double[] losses;
    private final long[] nanos;
    private final int batches;

    Log(Classifier classifier, int batches, int steps) {
      this.classifier = classifier;
      this.batches = batches;
      losses = new double[steps / batches];
      nanos = new long[steps];
    }

    void train(LabelledImages batch, int step) {
      long start = System.nanoTime();
      double loss = classifier.train(batch);
      nanos[step] = System.nanoTime() - start;
      losses[step / batches] += loss / batches;
    }

    TrainingResult result() {
      return new TrainingResult(
          losses[0], losses[losses.length - 1], TrainingResult.stepMillis(nanos));
    }
  }
}
