package org.slimquant.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.slimquant.demo.data.Digits;
import org.slimquant.demo.deployment.Deployment;
import org.slimquant.demo.measures.Outcome;
import org.slimquant.demo.training.Training;
import org.slimquant.examples.models.LeNet;
import org.slimquant.examples.models.QuantizedLeNet;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * The demo, {@code mvn -Pdemo}: trains {@link LeNet} on handwritten digits, calibrates it, and
 * quantizes it without and with training. It shows that quantization loses no accuracy, and checks
 * that all quantized tensors are integers times a step. Then it exports these integers as an
 * integer model with a proof, as C, and as ONNX. The demo fails if a check fails.
 */
@Command(
    name = "Demo",
    description = "Trains a network on handwritten digits, quantizes it and ships the integers.",
    showDefaultValues = true)
final class Demo implements Callable<Integer> {

  private static final double ACCURACY_TOLERANCE = 0.01;

  @Parameters(
      index = "0",
      paramLabel = "FOLDER",
      description = "where summary.json, the report, the plan, the models and the C go",
      showDefaultValue = Visibility.NEVER)
  private Path folder = Path.of("");

  @Mixin private final TrainingOptions options = new TrainingOptions(40, 10, 32, 0.0002f, 1);

  private Demo() {}

  /** Runs the demo and ends the JVM: with 0 if all checks hold. */
  public static void main(String[] args) {
    System.exit(command().execute(args));
  }

  /** Returns the demo as a command. */
  static CommandLine command() {
    return Program.command(new Demo());
  }

  @Override
  public Integer call() throws IOException {
    Training training = options.training(0);
    Training fineTuning = options.fineTuning(0);
    Files.createDirectories(folder);
    NativeLog.mute();
    return run(folder, training, fineTuning, System.out).report(System.out) ? 0 : 1;
  }

  /**
   * Runs all steps, and writes {@code summary.json}, the report, the plan, the checkpoint of the
   * float model, the saved model, and the files of {@link Deployment}.
   *
   * @param out the stream for progress and results
   */
  static Outcome run(Path folder, Training training, Training fineTuning, PrintStream out)
      throws IOException {
    Files.createDirectories(folder);
    Digits digits = Digits.load();
    out.printf(
        "Handwritten digits: %d images to learn from, %d to test with%n%n",
        digits.training().size(), digits.test().size());
    DemoNetwork network =
        new DemoNetwork(
            LeNet.class,
            (tf, seed, forTraining) -> new LeNet(tf, seed)::logits,
            (tf, seed, forTraining, quantizer) -> new QuantizedLeNet(tf, seed, quantizer)::logits,
            false);
    Outcome outcome =
        new Comparison(training, fineTuning, digits.training(), digits.test(), out)
            .run(network, folder, network.planIn(folder))
            .withAccuracyCheck(ACCURACY_TOLERANCE);
    outcome.summary().write(folder.resolve("summary.json"));
    return outcome;
  }
}
