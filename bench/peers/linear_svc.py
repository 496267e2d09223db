"""The peer of bench/triage.py: scikit-learn's character TF-IDF under a linear support vector machine."""

import json
import sys

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

given = json.load(sys.stdin)
model = make_pipeline(
    TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True), LinearSVC(C=1.0)
)
model.fit(*zip(*given["taught"], strict=True))
json.dump(model.predict([text for text, _topic in given["unseen"]]).tolist(), sys.stdout)
