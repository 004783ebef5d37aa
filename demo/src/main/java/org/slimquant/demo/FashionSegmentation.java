package org.slimquant.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.slimquant.demo.data.FashionMnistFolder;
import org.slimquant.demo.data.LabelledImages;
import org.slimquant.demo.segmentation.SegmentationRun;
import org.slimquant.demo.segmentation.SegmentedImages;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Segmentation of the items of Fashion-MNIST before noise, with a network of two outputs. */
@Command(
    name = "FashionSegmentation",
    description =
        "Finds the items of Fashion-MNIST before noise, and what they are, with integers.",
    showDefaultValues = true)
final class FashionSegmentation implements Callable<Integer> {

  @Parameters(
      index = "0",
      paramLabel = "FOLDER",
      description = "where the four original .gz files are",
      defaultValue = "/usr/share/datasets/fashion-mnist")
  private Path folder = Path.of("");

  @Option(names = "--seeds", description = "how many runs, each with the next seed")
  private int seeds = 1;

  @Option(names = "--images", description = "how many images to learn from")
  private int images = 60_000;

  @Mixin
  private final TrainingOptions options =
      new TrainingOptions(3, 1, 128, 0.0002f, Runtime.getRuntime().availableProcessors());

  @Option(names = "--output", description = "where the checkpoints and the integers go")
  private Path output = Path.of("target", "fashion-segmentation");

  private FashionSegmentation() {}

  /** Runs the example and ends the JVM: with 0 if no code differs. */
  public static void main(String[] args) {
    System.exit(command().execute(args));
  }

  /** Returns the example as a command. */
  static CommandLine command() {
    return Program.command(new FashionSegmentation());
  }

  @Override
  public Integer call() throws IOException {
    FashionMnistFolder data = FashionMnistFolder.load(folder);
    NativeLog.mute();
    LabelledImages items = data.training().first(images);
    boolean allHold = true;
    for (int run = 0; run < seeds; run++) {
      long seed = options.training(run).seed();
      SegmentationRun result =
          SegmentationRun.of(
              options.training(run),
              options.fineTuning(run),
              SegmentedImages.of(items, seed),
              SegmentedImages.of(data.test(), 0),
              output);
      System.out.printf("seed %d%n", seed);
      result.print(System.out);
      allHold &= result.differing() == 0;
    }
    return allHold ? 0 : 1;
  }
}
