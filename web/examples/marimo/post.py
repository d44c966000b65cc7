import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo

    return (mo,)


@app.cell
def _(mo):
    mo.md("# How a network learns to read\n\nPress play, and 36 hidden units learn handwritten digits.")
    return


@app.cell
def _(mo):
    # A frame needs no script, whatever becomes of those in a cell.
    mo.Html("""
<iframe src="https://example.org/glassnet/frame.html?figure=train" title="A neural network learns to read" width="100%" height="640" loading="lazy" sandbox="allow-scripts allow-same-origin allow-downloads allow-popups allow-popups-to-escape-sandbox" allow="fullscreen; clipboard-write"></iframe>
""")
    return


if __name__ == "__main__":
    app.run()
