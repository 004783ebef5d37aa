package org.slimquant.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.calibration.CalibrationStatistics;
import org.slimquant.calibration.Calibrator;
import org.slimquant.demo.data.LabelledImages;
import org.slimquant.demo.deployment.CCompiler;
import org.slimquant.demo.deployment.Deployed;
import org.slimquant.demo.deployment.Deployment;
import org.slimquant.demo.measures.Check;
import org.slimquant.demo.measures.Outcome;
import org.slimquant.demo.measures.PlanMeasure;
import org.slimquant.demo.measures.Summary;
import org.slimquant.demo.training.Classifier;
import org.slimquant.demo.training.Progress;
import org.slimquant.demo.training.Trainer;
import org.slimquant.demo.training.Training;
import org.slimquant.deploy.report.TensorBoardSummaries;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.sensitivity.ProbingQuantizer;
import org.slimquant.sensitivity.Sensitivity;
import org.tensorflow.Graph;

/**
 * Takes a model from float to integers, as a user does, and shows the result of each step:
 *
 * <pre>{@code
 * train ─▶ float ─┬─▶ calibrate ─▶ plan ─┐
 *                 ├──────────────────────┴─▶ PTQ: float weights, quantized
 *                 ├─────────────────────────▶ QAT: trained on through the plan's formats ─▶ integers
 *                 └─────────────────────────▶ float, trained on
 * }</pre>
 *
 * <p>The weights go from one graph to the next as a checkpoint, because variables keep their names.
 * A batch normalization has a graph for training and one for inference. The last two are trained
 * side by side on the same images in the same order. So the float model has had as many steps as
 * the quantized one, and a disturbance of the machine affects both. {@link Deployment} then takes
 * care of the integers.
 */
final class Comparison {

  /**
   * The float model and its plan, before training through int8.
   *
   * @param checkpoint the file with the weights of the float model
   * @param accuracy the share of the test part that it gets right
   * @param statistics the observed statistics of its tensors
   * @param plan the calibrated formats
   * @param older the plan that an earlier run left in the folder, if there was one
   * @param ptqAccuracy the share that it gets right with these formats
   */
  private record Start(
      String checkpoint,
      double accuracy,
      CalibrationStatistics statistics,
      QuantizationPlan plan,
      Optional<QuantizationPlan> older,
      double ptqAccuracy) {}

  private static final int CALIBRATION_IMAGES = 2000;
  private static final int SENSITIVITY_IMAGES = 1000;

  private final Training training;
  private final Training fineTuning;
  private final LabelledImages images;
  private final LabelledImages test;
  private final PrintStream out;

  /**
   * Creates a comparison.
   *
   * @param training the training of the float model
   * @param fineTuning the training after that, as float and through int8
   * @param images the images for training
   * @param test the images for measuring accuracy
   * @param out the stream for progress and results
   */
  Comparison(
      Training training,
      Training fineTuning,
      LabelledImages images,
      LabelledImages test,
      PrintStream out) {
    this.training = training;
    this.fineTuning = fineTuning;
    this.images = images;
    this.test = test;
    this.out = out;
  }

  /**
   * Runs all steps and checks the quantized model.
   *
   * @param folder the folder for checkpoint, plan, quantized model, integers and report
   * @param older the plan of an earlier run, if the report shows the changes since then
   */
  Outcome run(DemoNetwork network, Path folder, Optional<QuantizationPlan> older)
      throws IOException {
    String checkpoint = Files.createDirectories(folder.resolve("checkpoint")) + "/float";
    double floatAccuracy = train(network, checkpoint);
    Calibrator calibrator = calibrate(network, checkpoint);
    QuantizationPlan plan = calibrator.plan();
    plan.write(folder.resolve(network.planFile()));
    TensorBoardSummaries.write(folder.resolve("tensorboard"), calibrator.statistics(), 0);
    Start start =
        new Start(
            checkpoint,
            floatAccuracy,
            calibrator.statistics(),
            plan,
            older,
            ptqAccuracy(network, checkpoint, plan));
    TunedModels tuned =
        TunedModels.train(
            network, start.checkpoint(), plan, new Trainer("training on", fineTuning, out), images);
    return ship(network, start, tuned, folder);
  }

  /** Trains the float model, saves its weights and returns its accuracy. */
  private double train(DemoNetwork network, String checkpoint) {
    try (Graph graph = new Graph();
        Classifier floats = network.floats(graph, images, training, true)) {
      new Trainer("training", training, out).train(List.of(floats), images);
      floats.session().save(checkpoint);
    }
    return floatAccuracy(network, checkpoint);
  }

  private double floatAccuracy(DemoNetwork network, String checkpoint) {
    try (Graph graph = new Graph();
        Classifier floats = network.floats(graph, images, training, false)) {
      floats.session().restore(checkpoint);
      return floats.accuracy(test);
    }
  }

  /** Observes the float model with images to learn from. */
  private Calibrator calibrate(DemoNetwork network, String checkpoint) {
    List<LabelledImages> batches = images.first(CALIBRATION_IMAGES).batches(training.batchSize());
    try (Graph graph = new Graph()) {
      CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
      try (Classifier observed = quantized(network, graph, quantizer);
          ProgressBar progress = Progress.bar("calibrating", batches.size(), out)) {
        observed.session().restore(checkpoint);
        return observed.observe(quantizer, batches, progress::stepTo);
      }
    }
  }

  /** Returns the accuracy of the float model after it is quantized, without training. */
  private double ptqAccuracy(DemoNetwork network, String checkpoint, QuantizationPlan plan) {
    try (Graph graph = new Graph();
        Classifier quantized = quantized(network, graph, GraphQuantizer.fakeQuant(graph, plan))) {
      quantized.session().restore(checkpoint);
      return quantized.accuracy(test);
    }
  }

  /** Returns the cost of each quantized tensor for the float model. */
  private Sensitivity sensitivity(DemoNetwork network, String checkpoint, QuantizationPlan plan) {
    try (Graph graph = new Graph()) {
      ProbingQuantizer quantizer = ProbingQuantizer.of(graph, plan);
      try (Classifier probed = quantized(network, graph, quantizer)) {
        probed.session().restore(checkpoint);
        return probed.sensitivity(
            quantizer, test.first(SENSITIVITY_IMAGES).batches(training.batchSize()));
      }
    }
  }

  /** Checks the quantized model, compiles it to integers, and writes the report. */
  private Outcome ship(DemoNetwork network, Start start, TunedModels tuned, Path folder)
      throws IOException {
    try (Graph graph = new Graph()) {
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, start.plan());
      try (Classifier quantized = quantized(network, graph, quantizer)) {
        quantized.session().restore(tuned.quantized());
        PlanMeasure measure = PlanMeasure.of(quantizer.plan(), quantized, test, out);
        Check identical =
            Checks.saveAndLoad(
                quantized, folder.resolve("saved_model"), fineTuning.threads(), test);
        Deployed deployed =
            new Deployment(folder, test, CCompiler.find())
                .run(network.name(), quantized, quantizer.plan());
        Summary summary =
            new Summary(
                training.epochs(),
                fineTuning.epochs(),
                start.accuracy(),
                start.ptqAccuracy(),
                quantized.accuracy(test),
                floatAccuracy(network, tuned.floats()),
                tuned.floatTraining().stepMillis(),
                tuned.quantizedTraining().stepMillis(),
                measure.sites().stream().map(Summary.Site::of).toList(),
                identical.holds(),
                folder.resolve("report.html").toString(),
                deployed.figures());
        List<Check> checks = new ArrayList<>();
        checks.add(measure.everyElementHasACode());
        checks.add(Checks.noReadAround(tuned.findings()));
        checks.add(Checks.rightGradients(tuned.findings()));
        checks.add(identical);
        checks.addAll(deployed.checks());
        checks.add(
            ComparisonReport.write(
                network.model().getSimpleName(),
                quantizer.plan(),
                start.older(),
                start.statistics(),
                sensitivity(network, start.checkpoint(), start.plan()),
                deployed,
                summary));
        return new Outcome(summary, measure, checks);
      }
    }
  }

  private Classifier quantized(DemoNetwork network, Graph graph, GraphQuantizer quantizer) {
    return network.quantized(graph, images, fineTuning, false, quantizer);
  }
}
