package org.slimquant.demo;

import org.slimquant.demo.training.Training;
import picocli.CommandLine.Option;

/** The options for training models. */
final class TrainingOptions {

  @Option(names = "--epochs", description = "how often the float model sees each image")
  private int epochs;

  @Option(
      names = "--fine-tuning-epochs",
      description = "how often each image is seen after that, as float and through int8")
  private int fineTuningEpochs;

  @Option(names = "--batch", description = "images in a training step")
  private int batchSize;

  @Option(names = "--rate", description = "learning rate")
  private float learningRate = 0.001f;

  @Option(names = "--fine-tuning-rate", description = "learning rate after that")
  private float fineTuningRate;

  @Option(names = "--seed", description = "decides initial values and the order of the images")
  private long seed = 1;

  @Option(names = "--threads", description = "threads to compute with")
  private int threads;

  /** Creates the options with their defaults. */
  TrainingOptions(
      int epochs, int fineTuningEpochs, int batchSize, float fineTuningRate, int threads) {
    this.epochs = epochs;
    this.fineTuningEpochs = fineTuningEpochs;
    this.batchSize = batchSize;
    this.fineTuningRate = fineTuningRate;
    this.threads = threads;
  }

  /** Returns the training of the float model in run {@code run} of several, counted from 0. */
  Training training(int run) {
    return new Training(epochs, batchSize, learningRate, seed + run, threads);
  }

  /** Returns the training after that. */
  Training fineTuning(int run) {
    return training(run).with(fineTuningEpochs, fineTuningRate);
  }
}
