"""Fetch the files of Fashion-MNIST from the first source that has them, and verify every byte."""

from d2l_lab.datasets.sources import fetch


def main() -> int:
    """Run the stage; where the bytes come from is no part of the result's key."""
    parser = command.parser("download", __doc__)
    parser.add_argument(
        "--sources", type=command.json_of(list), required=True, help="where to look, as JSON"
    )
    args = parser.parse_args()

    def work(job: command.Job) -> None:
        fetch(job.settings["sha256"], args.sources, job.folder)

    return command.run("download", args, work)


if __name__ == "__main__":
    command.leave(main())
