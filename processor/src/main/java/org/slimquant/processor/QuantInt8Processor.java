package org.slimquant.processor;

import com.google.auto.common.BasicAnnotationProcessor;
import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSetMultimap;
import java.util.Optional;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;

/** Writes {@code QuantizedLeNet} for a class {@code LeNet} with {@code @QuantInt8} layers. */
@AutoService(Processor.class)
public final class QuantInt8Processor extends BasicAnnotationProcessor {

  private Optional<LocalModels> localModels = Optional.empty();

  @Override
  protected Iterable<? extends Step> steps() {
    localModels = LocalModels.of(processingEnv);
    return ImmutableList.of(new ModelStep(processingEnv), new EveryRound());
  }

  @Override
  protected void postRound(RoundEnvironment round) {
    localModels.ifPresent(models -> round.getRootElements().forEach(models::validate));
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }

  @Override
  public ImmutableSet<String> getSupportedOptions() {
    return ImmutableSet.of(PlanDirectory.OPTION);
  }

  /**
   * Asks javac for every round. It looks for annotations outside of bodies only, so it would not
   * call the processor for a compilation that has them in local classes alone.
   */
  private static final class EveryRound implements Step {

    @Override
    public ImmutableSet<String> annotations() {
      return ImmutableSet.of("*");
    }

    @Override
    public ImmutableSet<Element> process(
        ImmutableSetMultimap<String, Element> elementsByAnnotation) {
      return ImmutableSet.of();
    }
  }
}
