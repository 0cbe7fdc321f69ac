@echo off
rem Installs village_eval into the folder "venv" beside this file. No network. ASCII only: cmd reads .bat files in the system's code page.
chcp 65001 >nul
setlocal DisableDelayedExpansion
set "HERE=%~dp0"
set "PYTHONUTF8=1"
set "PYTHONPATH="
set "PYTHONHOME="
set "CHECK=import sys; sys.exit(sys.version_info[:2] != (@MAJOR@, @MINOR@) or sys.maxsize < 2**32)"

if exist "%HERE%python\python.exe" goto own
py -@MAJOR@.@MINOR@ -c "%CHECK%" >nul 2>nul
if not errorlevel 1 goto launcher
python -c "%CHECK%" >nul 2>nul
if not errorlevel 1 goto path
type "%HERE%text\no_python.txt"
pause
exit /b 2

:own
"%HERE%python\python.exe" -m venv --clear "%HERE%venv"
goto made
:launcher
py -@MAJOR@.@MINOR@ -m venv --clear "%HERE%venv"
goto made
:path
python -m venv --clear "%HERE%venv"

:made
if errorlevel 1 goto failed
type "%HERE%text\installing.txt"
"%HERE%venv\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --no-index --find-links "%HERE%wheels" --require-hashes --no-deps -r "%HERE%requirements\windows.txt"
if errorlevel 1 goto failed
"%HERE%venv\Scripts\python.exe" -c "import village_eval.cli.main"
if errorlevel 1 goto failed
type "%HERE%text\installed.txt"
pause
exit /b 0

:failed
type "%HERE%text\failed.txt"
pause
exit /b 1
