package org.slimquant.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
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
import org.slimquant.demo.training.TrainingResult;
import org.slimquant.deploy.report.TensorBoardSummaries;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.Finding;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.sensitivity.ProbingQuantizer;
import org.slimquant.sensitivity.Sensitivity;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

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
 * The last two are trained side by side on the same images in the same order. So the float model
 * has had as many steps as the quantized one, and a disturbance of the machine affects both. {@link
 * Deployment} then takes care of the integers.
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
    return fineTune(network, start, folder);
  }

  /** Trains the float model, saves its weights and returns its accuracy. */
  private double train(DemoNetwork network, String checkpoint) {
    try (Graph graph = new Graph();
        Classifier floats = floats(network, graph, training)) {
      network.lessons().give(floats, new Trainer("training", training, out), images);
      floats.session().save(checkpoint);
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

  /**
   * Continues the training, as float and through the formats of the plan. Then it checks the
   * quantized model, compiles it to integers, and writes the report.
   */
  private Outcome fineTune(DemoNetwork network, Start start, Path folder) throws IOException {
    try (Graph floatGraph = new Graph();
        Graph quantizedGraph = new Graph()) {
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(quantizedGraph, start.plan());
      try (Classifier floats = floats(network, floatGraph, fineTuning);
          Classifier quantized = quantized(network, quantizedGraph, quantizer)) {
        floats.session().restore(start.checkpoint());
        quantized.session().restore(start.checkpoint());
        List<TrainingResult> results =
            new Trainer("training on", fineTuning, out).train(List.of(floats, quantized), images);
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
                floats.accuracy(test),
                results.get(0).stepMillis(),
                results.get(1).stepMillis(),
                measure.sites().stream().map(Summary.Site::of).toList(),
                identical.holds(),
                folder.resolve("report.html").toString(),
                deployed.figures());
        List<Check> checks = new ArrayList<>();
        checks.add(measure.everyElementHasACode());
        List<Finding> findings = quantizer.verify();
        checks.add(Checks.noReadAround(findings));
        checks.add(Checks.rightGradients(findings));
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

  private Classifier floats(DemoNetwork network, Graph graph, Training training) {
    return classifier(graph, network.floats().create(Ops.create(graph), training.seed()), training);
  }

  private Classifier quantized(DemoNetwork network, Graph graph, GraphQuantizer quantizer) {
    return classifier(
        graph,
        network.quantized().create(Ops.create(graph), fineTuning.seed(), quantizer),
        fineTuning);
  }

  private Classifier classifier(
      Graph graph, UnaryOperator<Operand<TFloat32>> model, Training training) {
    return new Classifier(graph, images.imageShape(), model, training);
  }
}
