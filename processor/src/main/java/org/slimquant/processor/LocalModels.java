package org.slimquant.processor;

import com.google.common.collect.ImmutableSet;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.BlockTree;
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
import java.util.Optional;
import java.util.stream.Stream;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.Element;
import javax.tools.Diagnostic.Kind;
import org.jspecify.annotations.Nullable;
import org.slimquant.annotations.QuantInt8;

/**
 * Finds annotations where a processor is not shown any element: in local and anonymous classes and
 * on the parameters of lambdas.
 *
 * <p>Without this they would be ignored in silence, and the model would train as float. The one
 * class that looks at javac's trees; under another compiler, or a build tool that wraps javac's
 * environment, it finds nothing.
 */
final class LocalModels {

  private static final ImmutableSet<String> IMPORTS =
      ImmutableSet.of(QuantAnnotation.NAME, QuantInt8.class.getPackageName() + ".*");

  private final Trees trees;

  private LocalModels(Trees trees) {
    this.trees = trees;
  }

  static Optional<LocalModels> of(ProcessingEnvironment environment) {
    try {
      return Optional.of(new LocalModels(Trees.instance(environment)));
    } catch (IllegalArgumentException | LinkageError e) {
      return Optional.empty();
    }
  }

  /** Reports what {@code root}, a class of the top level, has in its method bodies. */
  void validate(Element root) {
    TreePath path = trees.getPath(root);
    if (path != null && importsAnnotation(path.getCompilationUnit())) {
      new Scanner(path.getCompilationUnit()).scan(path.getLeaf(), false);
    }
  }

  private static boolean importsAnnotation(CompilationUnitTree unit) {
    return unit.getImports().stream()
        .map(ImportTree::getQualifiedIdentifier)
        .anyMatch(name -> IMPORTS.contains(name.toString()));
  }

  /** Goes through a class; the parameter says whether it is within a body. */
  private final class Scanner extends TreeScanner<@Nullable Void, Boolean> {

    private final CompilationUnitTree unit;

    Scanner(CompilationUnitTree unit) {
      this.unit = unit;
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
      for (VariableTree parameter : lambda.getParameters()) {
        if (hasAnnotation(parameter.getModifiers())) {
          error(
              parameter,
              "[QuantInput] an input must be a parameter of a layer, but %s belongs to a lambda"
                  .formatted(parameter.getName()));
        }
      }
      return super.visitLambdaExpression(lambda, inBody);
    }

    @Override
    public @Nullable Void visitBlock(BlockTree block, Boolean inBody) {
      return super.visitBlock(block, true);
    }

    @Override
    public @Nullable Void visitNewClass(NewClassTree creation, Boolean inBody) {
      return super.visitNewClass(creation, true);
    }

    private void error(Tree place, String message) {
      trees.printMessage(Kind.ERROR, message, place, unit);
    }
  }

  private static boolean hasLayers(ClassTree type) {
    return type.getMembers().stream()
        .filter(MethodTree.class::isInstance)
        .map(MethodTree.class::cast)
        .flatMap(
            method ->
                Stream.concat(
                    Stream.of(method.getModifiers()),
                    method.getParameters().stream().map(VariableTree::getModifiers)))
        .anyMatch(LocalModels::hasAnnotation);
  }

  private static boolean hasAnnotation(ModifiersTree modifiers) {
    return modifiers.getAnnotations().stream()
        .map(AnnotationTree::getAnnotationType)
        .map(Tree::toString)
        .anyMatch(name -> name.equals("QuantInt8") || name.equals(QuantAnnotation.NAME));
  }
}
