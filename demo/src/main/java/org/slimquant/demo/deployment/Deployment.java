package org.slimquant.demo.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slimquant.demo.data.LabelledImages;
import org.slimquant.demo.measures.Check;
import org.slimquant.demo.measures.Integers;
import org.slimquant.demo.training.Accuracy;
import org.slimquant.demo.training.Classifier;
import org.slimquant.deploy.c.CExporter;
import org.slimquant.deploy.c.CFiles;
import org.slimquant.deploy.certificate.ExactnessCertificate;
import org.slimquant.deploy.certificate.OpProof;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.model.IntegerModel;
import org.slimquant.plan.QuantizationPlan;

/**
 * Compiles a trained model to integers, and tries each form of them:
 *
 * <pre>{@code
 * trained graph ─▶ integer model ─┬─▶ certificate   is it proven?
 *                                 ├─▶ engine        every code beside TensorFlow's
 *                                 ├─▶ C             compiled and run, beside the engine
 *                                 └─▶ ONNX          run by ONNX Runtime, beside the engine
 * }</pre>
 */
public final class Deployment {

  private final Path folder;
  private final LabelledImages test;
  private final Optional<CCompiler> compiler;

  /**
   * Creates a deployment.
   *
   * @param folder the folder for the files
   * @param test the images that are run through every form
   * @param compiler the C compiler; empty if the C is only written
   */
  public Deployment(Path folder, LabelledImages test, Optional<CCompiler> compiler) {
    this.folder = folder;
    this.test = test;
    this.compiler = compiler;
  }

  /**
   * Runs all steps. Each form of the integers is a step in this method.
   *
   * @param name the name of the model and of its files
   * @param trained the model, trained through int8
   * @param plan the formats of its graph
   */
  public Deployed run(String name, Classifier trained, QuantizationPlan plan) throws IOException {
    List<Check> checks = new ArrayList<>();
    IntegerModel model = compile(name, trained, plan, checks);
    ExactnessCertificate certificate = certify(model, checks);
    IntegerEngine engine = IntegerEngine.of(model);
    CodeCheck comparison = compareCodes(trained, engine, checks);
    double accuracy = measureAccuracy(trained, engine, checks);
    CFiles files = CExporter.write(model, folder.resolve("c"));
    Long cDifferingCodes = tryC(files, engine, checks);
    OnnxTrial onnx = OnnxTrial.write(engine, folder, test);
    checks.add(onnx.check());
    return new Deployed(
        model,
        certificate,
        new Integers(
            accuracy,
            comparison.compared(),
            comparison.differing(),
            certificate.exact(),
            files.footprint().constantBytes(),
            files.footprint().arenaBytes(),
            cDifferingCodes,
            onnx.differing(),
            onnx.speedup(),
            onnx.form(),
            onnx.processor()),
        checks);
  }

  /** Returns the integer model after it was written to a file and read again. */
  private IntegerModel compile(
      String name, Classifier trained, QuantizationPlan plan, List<Check> checks)
      throws IOException {
    IntegerModel compiled = trained.compile(name, plan);
    Path file = folder.resolve(name + ".slmq");
    compiled.write(file);
    IntegerModel model = IntegerModel.read(file);
    checks.add(
        Check.of(
            "the integer model is the same when it is read from its file",
            model.equals(compiled),
            String.format(
                Locale.ROOT,
                "%d ops, %,d bytes in %s",
                model.ops().size(),
                Files.size(file),
                file)));
    return model;
  }

  private ExactnessCertificate certify(IntegerModel model, List<Check> checks) throws IOException {
    ExactnessCertificate certificate = ExactnessCertificate.of(model);
    Path text = Files.writeString(folder.resolve("certificate.txt"), certificate + "\n");
    Files.writeString(folder.resolve("certificate.json"), certificate.toJson() + "\n");
    int bits = certificate.ops().stream().mapToInt(OpProof::accumulatorBits).max().orElse(0);
    checks.add(
        Check.of(
            "the graph and the integers are proven to compute the same codes for every input",
            certificate.exact(),
            "sums take at most %s bits; see %s".formatted(bits, text)));
    return certificate;
  }

  private CodeCheck compareCodes(Classifier trained, IntegerEngine engine, List<Check> checks) {
    CodeCheck comparison = CodeCheck.of(trained, engine, test);
    checks.add(comparison.check());
    return comparison;
  }

  private double measureAccuracy(Classifier trained, IntegerEngine engine, List<Check> checks) {
    double expected = trained.accuracy(test);
    double accuracy = Accuracy.of(test, engine.run(test.pixels()));
    checks.add(
        Check.of(
            "the integer engine is as accurate as the trained model",
            accuracy == expected,
            String.format(Locale.ROOT, "%.4f and %.4f", accuracy, expected)));
    return accuracy;
  }

  /**
   * Returns the number of codes of the C code that differ from the engine's; null if no C was
   * compiled.
   */
  private @Nullable Long tryC(CFiles files, IntegerEngine engine, List<Check> checks)
      throws IOException {
    if (compiler.isEmpty()) {
      checks.addAll(CTrial.skipped());
      return null;
    }
    int[] input = engine.quantize(test.pixels());
    CTrial trial = CTrial.of(compiler.get(), files, engine.model(), input, engine.run(input));
    checks.addAll(trial.checks());
    return trial.differing();
  }
}
