package org.slimquant.processor.validation;

import com.google.common.collect.ImmutableSet;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Optional;
import java.util.stream.Stream;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.Element;
import javax.tools.Diagnostic.Kind;
import org.jspecify.annotations.Nullable;
import org.slimquant.annotations.QuantInt8;
import org.slimquant.processor.element.QuantAnnotation;

/**
 * Finds annotations on elements that javac shows to no processor: in local and anonymous classes,
 * and on the parameters of lambdas and catch clauses.
 *
 * <p>Without this class they would be ignored silently, and the model would train as float. This is
 * the only class that reads javac's trees; under another compiler it finds nothing.
 */
public final class LocalModels {

  private static final String SIMPLE_NAME = QuantInt8.class.getSimpleName();
  private static final String PACKAGE = QuantInt8.class.getPackageName();

  // The package's name is also the name of the module, which Java 25 can import.
  private static final ImmutableSet<String> IMPORTS =
      ImmutableSet.of(QuantAnnotation.NAME, PACKAGE + ".*", PACKAGE);

  private final Trees trees;

  private LocalModels(Trees trees) {
    this.trees = trees;
  }

  public static Optional<LocalModels> of(ProcessingEnvironment environment) {
    try {
      return Optional.of(new LocalModels(Trees.instance(environment)));
    } catch (IllegalArgumentException | LinkageError e) {
      return wrappedIn(environment).flatMap(LocalModels::of);
    }
  }

  /** Returns javac's environment from that of a build tool: Gradle wraps it to watch the filer. */
  private static Optional<ProcessingEnvironment> wrappedIn(ProcessingEnvironment wrapper) {
    for (Field field : wrapper.getClass().getDeclaredFields()) {
      if (ProcessingEnvironment.class.isAssignableFrom(field.getType())
          && field.trySetAccessible()) {
        try {
          return Optional.ofNullable((ProcessingEnvironment) field.get(wrapper));
        } catch (IllegalAccessException e) {
          throw new IllegalStateException("%s was made accessible".formatted(field), e);
        }
      }
    }
    return Optional.empty();
  }

  /** Reports the annotations in the method bodies of {@code root}, a class of the top level. */
  public void validate(Element root) {
    TreePath path = trees.getPath(root);
    if (path != null && mentionsAnnotation(path.getCompilationUnit())) {
      new Scanner(path.getCompilationUnit()).scan(path.getLeaf(), false);
    }
  }

  /**
   * Returns whether the source has the annotation's name in it; most have not, and need no scan.
   */
  private static boolean mentionsAnnotation(CompilationUnitTree unit) {
    try {
      return unit.getSourceFile().getCharContent(true).toString().contains(SIMPLE_NAME);
    } catch (IOException e) {
      return false; // the compiler has read the source, and reports it if it cannot read it again
    }
  }

  private static boolean importsAnnotation(CompilationUnitTree unit) {
    return unit.getImports().stream()
        .map(ImportTree::getQualifiedIdentifier)
        .anyMatch(name -> IMPORTS.contains(name.toString()));
  }

  /** Scans a class; the parameter says whether it is within a body. */
  private final class Scanner extends TreeScanner<@Nullable Void, Boolean> {

    private final CompilationUnitTree unit;
    private final boolean importsAnnotation;

    Scanner(CompilationUnitTree unit) {
      this.unit = unit;
      this.importsAnnotation = importsAnnotation(unit);
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, Boolean inBody) {
      if (inBody && hasLayers(type)) {
        error(
            type,
            type.getSimpleName().isEmpty()
                ? "[QuantModel] a model must be visible in its package, but this class is anonymous"
                : "[QuantModel] a model must be visible in its package, but %s is local"
                    .formatted(type.getSimpleName()));
      }
      return super.visitClass(type, inBody);
    }

    @Override
    public @Nullable Void visitLambdaExpression(LambdaExpressionTree lambda, Boolean inBody) {
      lambda.getParameters().forEach(parameter -> validateParameter(parameter, "a lambda"));
      return super.visitLambdaExpression(lambda, inBody);
    }

    @Override
    public @Nullable Void visitCatch(CatchTree clause, Boolean inBody) {
      validateParameter(clause.getParameter(), "a catch clause");
      return super.visitCatch(clause, inBody);
    }

    @Override
    public @Nullable Void visitBlock(BlockTree block, Boolean inBody) {
      return super.visitBlock(block, true);
    }

    @Override
    public @Nullable Void visitNewClass(NewClassTree creation, Boolean inBody) {
      return super.visitNewClass(creation, true);
    }

    private void validateParameter(VariableTree parameter, String owner) {
      if (hasAnnotation(parameter.getModifiers())) {
        error(
            parameter,
            "[QuantInput] an input must be a parameter of a layer, but %s belongs to %s"
                .formatted(parameter.getName(), owner));
      }
    }

    private boolean hasLayers(ClassTree type) {
      return Stream.concat(
              Stream.of(type.getModifiers()),
              type.getMembers().stream().flatMap(Scanner::modifiers))
          .anyMatch(modifiers -> hasAnnotation(modifiers));
    }

    /** Returns the modifiers of a method and its parameters, or of a record's component. */
    private static Stream<ModifiersTree> modifiers(Tree member) {
      if (member instanceof MethodTree method) {
        return Stream.concat(
            Stream.of(method.getModifiers()),
            method.getParameters().stream().map(VariableTree::getModifiers));
      }
      return member instanceof VariableTree component
          ? Stream.of(component.getModifiers())
          : Stream.empty();
    }

    private boolean hasAnnotation(ModifiersTree modifiers) {
      return modifiers.getAnnotations().stream()
          .map(AnnotationTree::getAnnotationType)
          .map(Tree::toString)
          .anyMatch(
              name ->
                  name.equals(QuantAnnotation.NAME)
                      || (importsAnnotation && name.equals(SIMPLE_NAME)));
    }

    private void error(Tree place, String message) {
      trees.printMessage(Kind.ERROR, message, place, unit);
    }
  }
}
